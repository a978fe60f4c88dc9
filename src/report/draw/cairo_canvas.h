// The canvas on a surface of cairo's, whatever file that becomes.
#pragma once

#include <string>
#include <vector>

#include "report/draw/cairo_handle.h"
#include "report/draw/canvas.h"

namespace seve {

class CairoCanvas : public Canvas {
 public:
  // The surface outlives the canvas.
  explicit CairoCanvas(cairo_surface_t* surface);

  void Line(std::span<const Point> points, const Stroke& stroke) override;
  void Polygon(std::span<const Point> points, const Colour& fill) override;
  void Rectangle(const Box& box, const Colour& fill) override;
  void Frame(const Box& box, const Stroke& stroke) override;
  void Disc(const Point& centre, double radius, const Colour& fill) override;
  void Draw(const Image& image, const Box& box) override;
  void Text(const std::string& text, const Point& at, const Font& font, TextAlign align,
            bool turned) override;
  [[nodiscard]] double TextWidth(const std::string& text, const Font& font) const override;
  void Clip(const Box& box) override;
  void Unclip() override;

  // Cairo keeps the first thing that failed until it is asked.
  void ThrowIfFailed() const;

 private:
  void Trace(std::span<const Point> points);
  void SetColour(const Colour& colour);
  void Draw(const Stroke& stroke);
  void SetFont(const Font& font) const;

  CairoContext context_;
};

}  // namespace seve
