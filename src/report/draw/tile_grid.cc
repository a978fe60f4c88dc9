#include <algorithm>

#include "report/draw/charts.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"
#include "report/draw/panel_grid.h"

namespace seve {
namespace {

constexpr Canvas::Font kCaption{8.5, false, kInk};
constexpr double kWidest = 2;  // cells, of the pictures' height

double WidthAt(const Image& image, double side) {
  if (image.height == 0) return side;
  return side * static_cast<double>(image.width) / static_cast<double>(image.height);
}

class Tiles : public PanelGrid {
 public:
  Tiles(std::vector<Tile> tiles, int columns, double side, const std::string& title)
      : PanelGrid(tiles.size(), columns, title), tiles_(std::move(tiles)), side_(side) {
    for (const Tile& tile : tiles_) {
      const auto lines = LinesOf(tile.caption);
      lines_ = std::max(lines_, lines.size());
      const double caption = std::min(WidestText(lines, kCaption), kWidest * side);
      width_ = std::max({width_, WidthAt(tile.image, side), caption});
    }
  }

 private:
  [[nodiscard]] Size PanelSize() const override {
    return {width_, side_ + static_cast<double>(lines_) * LineHeight(kCaption) + 1};
  }

  void DrawPanel(Canvas& canvas, size_t index, const Box& box) const override {
    const Tile& tile = tiles_[index];
    const double middle = box.x + box.width / 2;
    const double width = WidthAt(tile.image, side_);
    const Box picture{middle - width / 2, box.y, width, side_};
    canvas.Draw(tile.image, picture);
    canvas.Frame(picture, {kGridGrey, 0.5, {}});
    Canvas::Font font = kCaption;
    if (tile.emphasised) font.colour = kEmphasis;
    double base = picture.bottom() + LineHeight(font);
    for (const std::string& line : LinesOf(tile.caption)) {
      canvas.Text(Fitted(line, font, width_ + kMargin), {middle, base}, font, TextAlign::kCentre);
      base += LineHeight(font);
    }
  }

  std::vector<Tile> tiles_;
  double side_, width_ = 0;
  size_t lines_ = 0;
};

}  // namespace

std::unique_ptr<Figure> TileGrid(std::vector<Tile> tiles, int columns, double side,
                                 const std::string& title) {
  return std::make_unique<Tiles>(std::move(tiles), columns, side, title);
}

}  // namespace seve
