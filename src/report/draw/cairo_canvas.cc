#include "report/draw/cairo_canvas.h"

#include <algorithm>
#include <numbers>

#include "report/draw/cairo_image.h"

namespace seve {
namespace {

struct FontOptions {
  cairo_font_options_t* value = cairo_font_options_create();
  FontOptions() = default;
  FontOptions(const FontOptions&) = delete;
  FontOptions& operator=(const FontOptions&) = delete;
  ~FontOptions() { cairo_font_options_destroy(value); }
};

// Bytes of the character that starts at `at`; 0 where they are not UTF-8.
size_t CharacterLength(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0U; };
  const unsigned first = byte(at);
  const size_t length = first < 0x80   ? 1
                        : first < 0xC2 ? 0
                        : first < 0xE0 ? 2
                        : first < 0xF0 ? 3
                                       : 4;
  if (first > 0xF4) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

// Names may come from anywhere, and cairo draws nothing more after a text that is not UTF-8.
std::string Utf8(const std::string& text) {
  std::string valid;
  for (size_t at = 0; at < text.size();) {
    const size_t length = CharacterLength(text, at);
    valid += length > 0 ? text.substr(at, length) : "?";
    at += std::max<size_t>(length, 1);
  }
  return valid;
}

}  // namespace

CairoCanvas::CairoCanvas(cairo_surface_t* surface) : context_(cairo_create(surface)) {
  ThrowIfFailed();
  // Texts are as wide on every surface and at every scale.
  const FontOptions options;
  cairo_font_options_set_hint_style(options.value, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.value, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.value, CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options(context_.get(), options.value);
  cairo_set_line_join(context_.get(), CAIRO_LINE_JOIN_ROUND);
}

void CairoCanvas::ThrowIfFailed() const { CheckCairo(cairo_status(context_.get())); }

void CairoCanvas::Trace(std::span<const Point> points) {
  for (const Point& point : points) cairo_line_to(context_.get(), point.x, point.y);
}

void CairoCanvas::SetColour(const Colour& colour) {
  cairo_set_source_rgba(context_.get(), colour.red, colour.green, colour.blue, colour.alpha);
}

void CairoCanvas::Draw(const Stroke& stroke) {
  SetColour(stroke.colour);
  cairo_set_line_width(context_.get(), stroke.width);
  cairo_set_dash(context_.get(), stroke.dashes.data(), static_cast<int>(stroke.dashes.size()), 0);
  cairo_stroke(context_.get());
}

void CairoCanvas::Line(std::span<const Point> points, const Stroke& stroke) {
  Trace(points);
  Draw(stroke);
}

void CairoCanvas::Polygon(std::span<const Point> points, const Colour& fill) {
  Trace(points);
  cairo_close_path(context_.get());
  SetColour(fill);
  cairo_fill(context_.get());
}

void CairoCanvas::Rectangle(const Box& box, const Colour& fill) {
  cairo_rectangle(context_.get(), box.x, box.y, box.width, box.height);
  SetColour(fill);
  cairo_fill(context_.get());
}

void CairoCanvas::Frame(const Box& box, const Stroke& stroke) {
  cairo_rectangle(context_.get(), box.x, box.y, box.width, box.height);
  Draw(stroke);
}

void CairoCanvas::Disc(const Point& centre, double radius, const Colour& fill) {
  cairo_new_sub_path(context_.get());
  cairo_arc(context_.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
  cairo_close_path(context_.get());
  SetColour(fill);
  cairo_fill(context_.get());
}

void CairoCanvas::Draw(const Image& image, const Box& box) {
  if (image.pixels.empty()) return;
  const CairoSurface pixels = EnlargedSurface(image);
  cairo_t* context = context_.get();
  cairo_save(context);
  cairo_translate(context, box.x, box.y);
  cairo_scale(context, box.width / cairo_image_surface_get_width(pixels.get()),
              box.height / cairo_image_surface_get_height(pixels.get()));
  cairo_set_source_surface(context, pixels.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST);
  cairo_paint(context);
  cairo_restore(context);
}

void CairoCanvas::SetFont(const Font& font) const {
  cairo_select_font_face(context_.get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context_.get(), font.size);
}

double CairoCanvas::TextWidth(const std::string& text, const Font& font) const {
  SetFont(font);
  cairo_text_extents_t extents;
  cairo_text_extents(context_.get(), Utf8(text).c_str(), &extents);
  return extents.x_advance;
}

void CairoCanvas::Text(const std::string& text, const Point& at, const Font& font, TextAlign align,
                       bool turned) {
  const double width = TextWidth(text, font);
  cairo_t* context = context_.get();
  cairo_save(context);
  cairo_translate(context, at.x, at.y);
  if (turned) cairo_rotate(context, -std::numbers::pi / 2);
  const double left = align == TextAlign::kLeft     ? 0
                      : align == TextAlign::kCentre ? -width / 2
                                                    : -width;
  cairo_move_to(context, left, 0);
  SetColour(font.colour);
  cairo_show_text(context, Utf8(text).c_str());
  cairo_restore(context);
  cairo_new_path(context);
}

void CairoCanvas::Clip(const Box& box) {
  cairo_rectangle(context_.get(), box.x, box.y, box.width, box.height);
  cairo_clip(context_.get());
}

void CairoCanvas::Unclip() { cairo_reset_clip(context_.get()); }

double TextWidth(const std::string& text, const Canvas::Font& font) {
  const CairoSurface nothing = Checked(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  return CairoCanvas(nothing.get()).TextWidth(text, font);
}

}  // namespace seve
