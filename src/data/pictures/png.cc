#include "data/pictures/png.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>

#include "base/error.h"

namespace seve {
namespace {

// That of JPEG; a damaged header must not ask for the machine's whole memory.
constexpr png_uint_32 kLongestSide = 65500;

// One file being decoded.
class Decoder {
 public:
  Decoder(std::span<const std::byte> file, const std::string& name) : rest_(file), name_(name) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, GiveUp, Ignore);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    if (setjmp(place_) != 0) Throw();
    png_set_user_limits(png_, kLongestSide, kLongestSide);
    png_set_read_fn(png_, this, TakeBytes);
    png_read_info(png_, info_);
  }
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] PictureSize size() const {
    return {png_get_image_height(png_, info_), png_get_image_width(png_, info_)};
  }

  // Bytes of a pixel as Decode writes it: grey or colour, then perhaps opacity.
  int Start() {
    if (setjmp(place_) != 0) Throw();
    png_set_expand(png_);  // palettes, fewer bits than 8, transparent colours
    png_set_scale_16(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return png_get_channels(png_, info_);
  }

  void Decode(uint8_t** rows) {
    if (setjmp(place_) != 0) Throw();
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
  }

 private:
  [[noreturn]] static void GiveUp(png_structp png, png_const_charp message) {
    auto* decoder = static_cast<Decoder*>(png_get_error_ptr(png));
    std::snprintf(decoder->failure_, sizeof(decoder->failure_), "%s", message);
    std::longjmp(decoder->place_, 1);
  }

  static void Ignore(png_structp, png_const_charp) {}

  static void TakeBytes(png_structp png, png_bytep bytes, size_t count) {
    auto& rest = static_cast<Decoder*>(png_get_io_ptr(png))->rest_;
    if (rest.size() < count) png_error(png, "the file ends early");
    std::copy_n(reinterpret_cast<const uint8_t*>(rest.data()), count, bytes);
    rest = rest.subspan(count);
  }

  [[noreturn]] void Throw() {
    png_destroy_read_struct(&png_, &info_, nullptr);
    ThrowData(fmt::format("{}: is no PNG picture that can be decoded: {}", name_, failure_));
  }

  std::span<const std::byte> rest_;
  const std::string& name_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf place_{};
  char failure_[128] = "";
};

// Lays pixels whose last byte is their opacity on white.
std::vector<uint8_t> OnWhite(const std::vector<uint8_t>& pixels, size_t bytes) {
  std::vector<uint8_t> opaque;
  opaque.reserve(pixels.size() / bytes * (bytes - 1));
  for (size_t at = 0; at < pixels.size(); at += bytes) {
    const int opacity = pixels[at + bytes - 1];
    for (size_t i = 0; i + 1 < bytes; ++i) {
      const int mixed = pixels[at + i] * opacity + 255 * (255 - opacity);
      opaque.push_back(static_cast<uint8_t>((mixed + 127) / 255));
    }
  }
  return opaque;
}

}  // namespace

bool IsPng(std::span<const std::byte> file) {
  constexpr size_t kSignature = 8;
  return file.size() >= kSignature &&
         png_sig_cmp(reinterpret_cast<png_const_bytep>(file.data()), 0, kSignature) == 0;
}

PictureSize PngSize(std::span<const std::byte> file, const std::string& name) {
  return Decoder(file, name).size();
}

Bitmap DecodePng(std::span<const std::byte> file, const std::string& name) {
  Decoder decoder(file, name);
  const auto bytes = static_cast<size_t>(decoder.Start());
  Bitmap bitmap{decoder.size().height, decoder.size().width, bytes <= 2 ? 1 : 3, {}};
  const size_t row_bytes = static_cast<size_t>(bitmap.width) * bytes;
  std::vector<uint8_t> pixels(static_cast<size_t>(bitmap.height) * row_bytes);
  std::vector<uint8_t*> rows;
  for (size_t y = 0; y < static_cast<size_t>(bitmap.height); ++y) {
    rows.push_back(pixels.data() + y * row_bytes);
  }
  decoder.Decode(rows.data());
  bitmap.pixels = bytes % 2 == 0 ? OnWhite(pixels, bytes) : std::move(pixels);
  return bitmap;
}

}  // namespace seve
