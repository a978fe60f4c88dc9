#include "data/pictures/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "data/pictures/jpeg.h"
#include "data/pictures/png.h"

namespace seve {
namespace {

[[noreturn]] void Refuse(std::span<const std::byte> file, const std::string& name) {
  ThrowData(file.empty() ? fmt::format("{}: is an empty file, no picture", name)
                         : fmt::format("{}: is neither a JPEG nor a PNG picture; convert it, which "
                                       "picture viewers do",
                                       name));
}

}  // namespace

PictureSize SizeOfPicture(std::span<const std::byte> file, const std::string& name) {
  if (IsJpeg(file)) return JpegSize(file, name);
  if (IsPng(file)) return PngSize(file, name);
  Refuse(file, name);
}

Bitmap DecodePicture(std::span<const std::byte> file, const std::string& name, int64_t channels) {
  const bool jpeg = IsJpeg(file);
  if (!jpeg && !IsPng(file)) Refuse(file, name);
  Bitmap bitmap = jpeg ? DecodeJpeg(file, name) : DecodePng(file, name);
  return channels == 0 ? bitmap : WithChannels(std::move(bitmap), channels);
}

bool NamesPicture(std::string_view name) {
  constexpr std::array<std::string_view, 3> kEndings = {".jpg", ".jpeg", ".png"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) {
    return name.size() > ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending,
                              [](unsigned char a, char b) { return std::tolower(a) == b; });
  });
}

}  // namespace seve
