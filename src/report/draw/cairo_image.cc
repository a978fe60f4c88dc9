#include "report/draw/cairo_image.h"

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "report/draw/figure.h"

namespace seve {
namespace {

constexpr int64_t kSmall = 256;  // narrower pictures are enlarged
constexpr int64_t kMostRepeats = 8;

void CheckImage(const Image& image) {
  Check(image.channels == 1 || image.channels == 3, "a picture has one or three channels");
  Check(image.pixels.size() == static_cast<size_t>(image.height * image.width * image.channels),
        "a picture has other bytes than its height times its width times its channels");
}

CairoSurface NewSurface(cairo_format_t format, int64_t height, int64_t width) {
  return Checked(
      cairo_image_surface_create(format, static_cast<int>(width), static_cast<int>(height)));
}

unsigned char* Row(const CairoSurface& surface, int64_t y) {
  return cairo_image_surface_get_data(surface.get()) +
         y * cairo_image_surface_get_stride(surface.get());
}

// Cairo's RGB24: a native 32-bit word 0x00RRGGBB a pixel.
uint32_t WordAt(const Image& image, int64_t y, int64_t x) {
  const auto at = static_cast<size_t>((y * image.width + x) * image.channels);
  const size_t step = image.channels == 3 ? 1 : 0;
  const uint32_t red = image.pixels[at];
  const uint32_t green = image.pixels[at + step];
  const uint32_t blue = image.pixels[at + 2 * step];
  return red << 16 | green << 8 | blue;
}

CairoSurface ColourSurface(const Image& image, int64_t repeats) {
  CairoSurface surface =
      NewSurface(CAIRO_FORMAT_RGB24, image.height * repeats, image.width * repeats);
  cairo_surface_flush(surface.get());
  for (int64_t y = 0; y < image.height * repeats; ++y) {
    auto* row = reinterpret_cast<uint32_t*>(Row(surface, y));
    for (int64_t x = 0; x < image.width * repeats; ++x) {
      row[x] = WordAt(image, y / repeats, x / repeats);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

// Cairo writes surfaces of this format as grey PNG files.
CairoSurface GreySurface(const Image& image) {
  CairoSurface surface = NewSurface(CAIRO_FORMAT_A8, image.height, image.width);
  cairo_surface_flush(surface.get());
  for (int64_t y = 0; y < image.height; ++y) {
    std::memcpy(Row(surface, y), image.pixels.data() + y * image.width,
                static_cast<size_t>(image.width));
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

// The words of an RGB24 surface.
Image ImageOf(const CairoSurface& surface) {
  cairo_surface_flush(surface.get());
  Image image{cairo_image_surface_get_height(surface.get()),
              cairo_image_surface_get_width(surface.get()),
              3,
              {}};
  bool grey = true;
  for (int64_t y = 0; y < image.height; ++y) {
    const auto* row = reinterpret_cast<const uint32_t*>(Row(surface, y));
    for (int64_t x = 0; x < image.width; ++x) {
      const auto red = static_cast<uint8_t>(row[x] >> 16);
      const auto green = static_cast<uint8_t>(row[x] >> 8);
      const auto blue = static_cast<uint8_t>(row[x]);
      grey = grey && red == green && green == blue;
      image.pixels.insert(image.pixels.end(), {red, green, blue});
    }
  }
  if (!grey) return image;
  Image result{image.height, image.width, 1, {}};
  for (size_t at = 0; at < image.pixels.size(); at += 3) result.pixels.push_back(image.pixels[at]);
  return result;
}

struct Source {
  std::string_view rest;
};

cairo_status_t TakeBytes(void* source, unsigned char* bytes, unsigned int count) {
  std::string_view& rest = static_cast<Source*>(source)->rest;
  if (rest.size() < count) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(bytes, rest.data(), count);
  rest.remove_prefix(count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

CairoSurface EnlargedSurface(const Image& image) {
  CheckImage(image);
  const int64_t longest = std::max({image.height, image.width, int64_t{1}});
  return ColourSurface(image, std::clamp<int64_t>(kSmall / longest, 1, kMostRepeats));
}

std::string PngBytes(const Image& image) {
  CheckImage(image);
  const CairoSurface surface = image.channels == 1 ? GreySurface(image) : ColourSurface(image, 1);
  std::string bytes;
  CheckCairo(cairo_surface_write_to_png_stream(surface.get(), AppendBytes, &bytes));
  return bytes;
}

Image ReadPng(const std::string& path) {
  const std::string bytes = ReadFile(path);
  Source source{bytes};
  const CairoSurface stored(cairo_image_surface_create_from_png_stream(TakeBytes, &source));
  CheckCairo(cairo_surface_status(stored.get()), "cannot read " + path + " as a PNG picture");
  const CairoSurface opaque =
      NewSurface(CAIRO_FORMAT_RGB24, cairo_image_surface_get_height(stored.get()),
                 cairo_image_surface_get_width(stored.get()));
  const CairoContext context(cairo_create(opaque.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_set_source_surface(context.get(), stored.get(), 0, 0);
  cairo_paint(context.get());
  CheckCairo(cairo_status(context.get()), "cannot read " + path);
  return ImageOf(opaque);
}

}  // namespace seve
