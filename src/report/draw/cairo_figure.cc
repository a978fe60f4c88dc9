// Figures as the bytes of files.
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "report/draw/cairo_canvas.h"
#include "report/draw/figure.h"

namespace seve {
namespace {

constexpr double kLongestSide = 32000;  // pixels; cairo's pictures end at 32767

void DrawOn(const CairoSurface& surface, const Figure& figure) {
  CairoCanvas canvas(surface.get());
  // To the end of the last pixel, of which the figure may cover a part.
  canvas.Rectangle({0, 0, figure.width() + 1, figure.height() + 1}, {1, 1, 1});
  figure.Draw(canvas);
  canvas.ThrowIfFailed();
}

// Cairo writes the rest of the file when it finishes a surface.
void Finish(const CairoSurface& surface) {
  cairo_surface_finish(surface.get());
  CheckCairo(cairo_surface_status(surface.get()));
}

void ReplaceAll(std::string& text, std::string_view old, std::string_view with) {
  for (size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + with.size())) {
    text.replace(at, old.size(), with);
  }
}

// Cairo numbers surfaces through the life of the program; nothing refers to that number.
void RemoveSurfaceNumber(std::string& svg) {
  const size_t at = svg.find(" id=\"surface");
  if (at != std::string::npos) svg.erase(at, svg.find('"', at + 5) + 1 - at);
}

// Cairo's ids start from the same names in each file: a page with two figures would take the second
// one's letters from the first.
void MakeIdsUnique(std::string& svg) {
  const std::string prefix = fmt::format("f{:016x}-", Xxh3(BytesOf(svg)));
  for (const std::string before : {" id=\"", "href=\"#", "url(#"}) {
    ReplaceAll(svg, before, before + prefix);
  }
}

}  // namespace

std::string SvgText(const Figure& figure) {
  std::string text;
  const CairoSurface surface = Checked(
      cairo_svg_surface_create_for_stream(AppendBytes, &text, figure.width(), figure.height()));
  DrawOn(surface, figure);
  Finish(surface);
  RemoveSurfaceNumber(text);
  MakeIdsUnique(text);
  return text;
}

std::string PdfBytes(const Figure& figure) {
  std::string bytes;
  const CairoSurface surface = Checked(
      cairo_pdf_surface_create_for_stream(AppendBytes, &bytes, figure.width(), figure.height()));
  // No date: equal figures are equal files.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  DrawOn(surface, figure);
  Finish(surface);
  return bytes;
}

std::string PngBytes(const Figure& figure, double scale) {
  scale = std::min(scale, kLongestSide / std::max(figure.width(), figure.height()));
  const CairoSurface surface = Checked(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(figure.width() * scale)),
      static_cast<int>(std::ceil(figure.height() * scale))));
  cairo_surface_set_device_scale(surface.get(), scale, scale);
  DrawOn(surface, figure);
  std::string bytes;
  CheckCairo(cairo_surface_write_to_png_stream(surface.get(), AppendBytes, &bytes));
  return bytes;
}

}  // namespace seve
