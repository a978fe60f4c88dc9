// Something that can be drawn, and the files it becomes.
#pragma once

#include <string>

#include "report/draw/canvas.h"

namespace seve {

class Figure {
 public:
  virtual ~Figure() = default;
  // In points.
  [[nodiscard]] virtual double width() const = 0;
  [[nodiscard]] virtual double height() const = 0;
  virtual void Draw(Canvas& canvas) const = 0;
};

// stem.svg, stem.pdf and stem.png (144 dots an inch). As all files here: written whole or not at
// all; Error(kData) with path and errno's text when that fails.
void SaveFigure(const Figure& figure, const std::string& stem);

// `scale`: pixels a point.
void SavePng(const Figure& figure, const std::string& path, double scale = 2);
std::string PngBytes(const Figure& figure, double scale = 2);
// Complete in itself: text as outlines, pictures within. Its ids are its own, so that a page can
// hold several.
std::string SvgText(const Figure& figure);
std::string PdfBytes(const Figure& figure);

// The picture itself, a pixel a pixel.
std::string PngBytes(const Image& image);
// Grey or colour as stored; transparency lies on white. Throws Error(kData) naming the file.
Image ReadPng(const std::string& path);

}  // namespace seve
