// A canvas that remembers what was drawn where, for the tests of figures.
#pragma once

#include <string>
#include <vector>

#include "report/draw/canvas.h"

namespace seve {

class RecordingCanvas : public Canvas {
 public:
  struct DrawnText {
    std::string text;
    Box box;
    Font font;
  };
  struct DrawnLine {
    std::vector<Point> points;
    Stroke stroke;
  };
  std::vector<DrawnText> texts;
  std::vector<DrawnLine> lines;
  std::vector<Box> rectangles;
  std::vector<Point> discs;
  std::vector<Point> points;  // all of them

  [[nodiscard]] bool Shows(const std::string& text) const {
    for (const DrawnText& drawn : texts) {
      if (drawn.text == text) return true;
    }
    return false;
  }

  void Line(std::span<const Point> line, const Stroke& stroke) override {
    lines.push_back({{line.begin(), line.end()}, stroke});
    points.insert(points.end(), line.begin(), line.end());
  }
  void Polygon(std::span<const Point> corners, const Colour& /*fill*/) override {
    points.insert(points.end(), corners.begin(), corners.end());
  }
  void Rectangle(const Box& box, const Colour& /*fill*/) override {
    rectangles.push_back(box);
    AddCorners(box);
  }
  void Frame(const Box& box, const Stroke& /*stroke*/) override { AddCorners(box); }
  void Disc(const Point& centre, double /*radius*/, const Colour& /*fill*/) override {
    discs.push_back(centre);
    points.push_back(centre);
  }
  void Draw(const Image& /*image*/, const Box& box) override { AddCorners(box); }
  void Text(const std::string& text, const Point& at, const Font& font, TextAlign align,
            bool turned) override {
    if (text.empty()) return;
    const double width = TextWidth(text, font);
    const double before = align == TextAlign::kLeft     ? 0
                          : align == TextAlign::kCentre ? width / 2
                                                        : width;
    const double ascent = 0.75 * font.size;  // of digits and capitals in DejaVu Sans
    const double height = 0.95 * font.size;
    const Box box = turned ? Box{at.x - ascent, at.y + before - width, height, width}
                           : Box{at.x - before, at.y - ascent, width, height};
    texts.push_back({text, box, font});
    AddCorners(box);
  }
  [[nodiscard]] double TextWidth(const std::string& text, const Font& font) const override {
    return seve::TextWidth(text, font);
  }
  void Clip(const Box& /*box*/) override {}
  void Unclip() override {}

 private:
  void AddCorners(const Box& box) {
    points.push_back({box.x, box.y});
    points.push_back({box.right(), box.bottom()});
  }
};

}  // namespace seve
