#include "data/pictures/jpeg.h"

// jpeglib.h needs FILE and size_t declared before it.
#include <fmt/format.h>
#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>

#include "base/error.h"

namespace seve {
namespace {

// libjpeg's own, and where it jumps to when it gives up.
struct Failure {
  jpeg_error_mgr manager;  // first: libjpeg hands out its address
  std::jmp_buf place;
  char text[JMSG_LENGTH_MAX] = "";
};

void GiveUp(j_common_ptr codec) {
  auto* failure = reinterpret_cast<Failure*>(codec->err);
  codec->err->format_message(codec, failure->text);
  std::longjmp(failure->place, 1);
}

// libjpeg fills up with grey what is missing of a file and says so in a warning.
void Warn(j_common_ptr codec, int level) {
  const int code = codec->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) GiveUp(codec);
}

// One file being decoded.
class Decoder {
 public:
  Decoder(std::span<const std::byte> file, const std::string& name) : name_(name) {
    codec_.err = jpeg_std_error(&failure_.manager);
    failure_.manager.error_exit = GiveUp;
    failure_.manager.emit_message = Warn;
    if (setjmp(failure_.place) != 0) Throw();
    jpeg_create_decompress(&codec_);
    jpeg_mem_src(&codec_, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&codec_, TRUE);
  }
  ~Decoder() { jpeg_destroy_decompress(&codec_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] PictureSize size() const { return {codec_.image_height, codec_.image_width}; }

  // Bytes of a pixel as Decode writes it: 1, 3, or 4 of CMYK.
  int Start() {
    if (setjmp(failure_.place) != 0) Throw();
    const auto stored = codec_.jpeg_color_space;
    codec_.out_color_space = stored == JCS_GRAYSCALE                    ? JCS_GRAYSCALE
                             : stored == JCS_CMYK || stored == JCS_YCCK ? JCS_CMYK
                                                                        : JCS_RGB;
    jpeg_start_decompress(&codec_);
    return codec_.output_components;
  }

  void Decode(uint8_t* pixels) {
    if (setjmp(failure_.place) != 0) Throw();
    const size_t row_bytes =
        size_t{codec_.output_width} * static_cast<size_t>(codec_.output_components);
    while (codec_.output_scanline < codec_.output_height) {
      JSAMPROW row = pixels + codec_.output_scanline * row_bytes;
      jpeg_read_scanlines(&codec_, &row, 1);
    }
    jpeg_finish_decompress(&codec_);
  }

  // Adobe's programs store inks inverted.
  [[nodiscard]] bool InksInverted() const { return codec_.saw_Adobe_marker != 0; }

 private:
  [[noreturn]] void Throw() {
    jpeg_destroy_decompress(&codec_);
    ThrowData(fmt::format("{}: is no JPEG picture that can be decoded: {}", name_, failure_.text));
  }

  const std::string& name_;
  jpeg_decompress_struct codec_{};
  Failure failure_{};
};

std::vector<uint8_t> ColourOfInks(const std::vector<uint8_t>& inks, bool inverted) {
  std::vector<uint8_t> colour;
  colour.reserve(inks.size() / 4 * 3);
  const auto light = [&](size_t at) { return inverted ? inks[at] : 255 - inks[at]; };
  for (size_t at = 0; at < inks.size(); at += 4) {
    for (size_t ink = 0; ink < 3; ++ink) {
      colour.push_back(static_cast<uint8_t>((light(at + ink) * light(at + 3) + 127) / 255));
    }
  }
  return colour;
}

}  // namespace

bool IsJpeg(std::span<const std::byte> file) {
  return file.size() >= 3 && file[0] == std::byte{0xFF} && file[1] == std::byte{0xD8} &&
         file[2] == std::byte{0xFF};
}

PictureSize JpegSize(std::span<const std::byte> file, const std::string& name) {
  return Decoder(file, name).size();
}

Bitmap DecodeJpeg(std::span<const std::byte> file, const std::string& name) {
  Decoder decoder(file, name);
  const int bytes = decoder.Start();
  Bitmap bitmap{decoder.size().height, decoder.size().width, bytes == 1 ? 1 : 3, {}};
  std::vector<uint8_t> pixels(static_cast<size_t>(bitmap.height * bitmap.width * bytes));
  decoder.Decode(pixels.data());
  bitmap.pixels = bytes == 4 ? ColourOfInks(pixels, decoder.InksInverted()) : std::move(pixels);
  return bitmap;
}

}  // namespace seve
