// Figures as the bytes of files.
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

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

// Where an id starts if there is one after the quote or parenthesis at `mark`: id="…", href="#…",
// url(#…).
size_t StartOfId(std::string_view svg, size_t mark) {
  const std::string_view before = svg.substr(0, mark);
  if (before.ends_with(" id=")) return mark + 1;
  const bool refers = before.ends_with("href=") || before.ends_with("url");
  return refers && svg.substr(mark + 1).starts_with('#') ? mark + 2 : std::string_view::npos;
}

std::string WithIds(std::string_view svg,
                    const std::function<std::string(const std::string&)>& rename) {
  std::string text;
  size_t copied = 0;
  for (size_t mark = svg.find_first_of("\"("); mark != std::string_view::npos;
       mark = svg.find_first_of("\"(", mark + 1)) {
    const size_t start = StartOfId(svg, mark);
    if (start == std::string_view::npos) continue;
    const size_t end = std::min(svg.find_first_of("\")", start), svg.size());
    text += svg.substr(copied, start - copied);
    text += rename(std::string(svg.substr(start, end - start)));
    copied = mark = end;
  }
  return text += svg.substr(copied);
}

// Cairo numbers some ids through the life of the program, and starts others from the same names in
// each file: a page with two figures would take the second one's letters from the first.
std::string WithIdsOfItsOwn(const std::string& svg) {
  std::map<std::string, std::string> numbers;
  const std::string numbered = WithIds(svg, [&](const std::string& id) {
    return numbers.emplace(id, std::to_string(numbers.size())).first->second;
  });
  const std::string prefix = fmt::format("f{:016x}-", Xxh3(BytesOf(numbered)));
  return WithIds(numbered, [&](const std::string& id) { return prefix + id; });
}

}  // namespace

std::string SvgText(const Figure& figure) {
  std::string text;
  const CairoSurface surface = Checked(
      cairo_svg_surface_create_for_stream(AppendBytes, &text, figure.width(), figure.height()));
  DrawOn(surface, figure);
  Finish(surface);
  return WithIdsOfItsOwn(text);
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
