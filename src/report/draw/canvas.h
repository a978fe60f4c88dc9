// A drawing surface: lines, areas, text and pictures in points (1/72 inch), the origin at the top
// left.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace seve {

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
};

// Each from 0 to 1.
struct Colour {
  double red = 0, green = 0, blue = 0, alpha = 1;
};

// Pixels of one (grey) or three (red, green, blue) bytes.
struct Image {
  int64_t height = 0, width = 0;
  int channels = 1;
  std::vector<uint8_t> pixels;  // (height, width, channels)
};

enum class TextAlign { kLeft, kCentre, kRight };

class Canvas {
 public:
  virtual ~Canvas() = default;

  struct Stroke {
    Colour colour = {};
    double width = 1;
    std::vector<double> dashes = {};  // lengths on and off; empty: unbroken
  };
  virtual void Line(std::span<const Point> points, const Stroke& stroke) = 0;
  virtual void Polygon(std::span<const Point> points, const Colour& fill) = 0;
  virtual void Rectangle(const Box& box, const Colour& fill) = 0;
  virtual void Frame(const Box& box, const Stroke& stroke) = 0;
  virtual void Disc(const Point& centre, double radius, const Colour& fill) = 0;
  // Stretched to the box, pixels kept sharp.
  virtual void Draw(const Image& image, const Box& box) = 0;

  struct Font {
    double size = 9;
    bool bold = false;
    Colour colour = {};
  };
  // `at` is on the base line; turned: counter-clockwise by a quarter, for axes.
  virtual void Text(const std::string& text, const Point& at, const Font& font,
                    TextAlign align = TextAlign::kLeft, bool turned = false) = 0;
  [[nodiscard]] virtual double TextWidth(const std::string& text, const Font& font) const = 0;

  // What is drawn until Unclip stays within the box. Not nested.
  virtual void Clip(const Box& box) = 0;
  virtual void Unclip() = 0;
};

// What Canvas::TextWidth says, for layouts made before there is a canvas.
[[nodiscard]] double TextWidth(const std::string& text, const Canvas::Font& font);

}  // namespace seve
