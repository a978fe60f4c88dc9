#include "data/picture_files_testing.h"

#include <fmt/format.h>
#include <jpeglib.h>
#include <png.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace seve {
namespace {

void AppendBytes(png_structp png, png_bytep bytes, size_t count) {
  auto* all = static_cast<Bytes*>(png_get_io_ptr(png));
  all->insert(all->end(), bytes, bytes + count);
}

}  // namespace

Bitmap SmoothBitmap(int64_t height, int64_t width, int64_t channels, int seed) {
  Bitmap bitmap{height, width, channels, {}};
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < channels; ++c) {
        const double wave = std::sin(0.21 * static_cast<double>(x + 2 * c + seed)) *
                            std::cos(0.17 * static_cast<double>(y - c));
        bitmap.pixels.push_back(static_cast<uint8_t>(128 + 100 * wave));
      }
    }
  }
  return bitmap;
}

Bytes JpegBytes(const Bitmap& bitmap, int quality) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* memory = nullptr;
  unsigned long size = 0;  // NOLINT: libjpeg's type
  jpeg_mem_dest(&codec, &memory, &size);
  codec.image_height = static_cast<JDIMENSION>(bitmap.height);
  codec.image_width = static_cast<JDIMENSION>(bitmap.width);
  codec.input_components = static_cast<int>(bitmap.channels);
  codec.in_color_space = bitmap.channels == 1   ? JCS_GRAYSCALE
                         : bitmap.channels == 3 ? JCS_RGB
                                                : JCS_CMYK;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  if (bitmap.channels == 4) codec.write_Adobe_marker = TRUE;
  jpeg_start_compress(&codec, TRUE);
  auto* pixels = const_cast<uint8_t*>(bitmap.pixels.data());
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW row = pixels + codec.next_scanline * bitmap.width * bitmap.channels;
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

Bytes PngBytes(int64_t height, int64_t width, int type, int depth, const Bytes& rows) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &bytes, AppendBytes, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth,
               type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color palette[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {10, 20, 30}};
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, palette, 4);
  png_write_info(png, info);
  const size_t row_bytes = rows.size() / static_cast<size_t>(height);
  for (size_t y = 0; y < static_cast<size_t>(height); ++y) {
    png_write_row(png, rows.data() + y * row_bytes);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes PngBytes(const Bitmap& bitmap) {
  return PngBytes(bitmap.height, bitmap.width,
                  bitmap.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, 8,
                  bitmap.pixels);
}

Bytes TarMemberBytes(const std::string& name, const Bytes& contents, char type) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(100, 7, "0000644");
  header.replace(124, 11, fmt::format("{:011o}", contents.size()));
  header.replace(136, 11, "00000000000");
  header.replace(148, 8, "        ");
  header[156] = type;
  header.replace(257, 8, std::string("ustar\0", 6) + "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  header.replace(148, 7, fmt::format("{:06o}", sum) + std::string(1, '\0'));
  Bytes bytes(header.begin(), header.end());
  bytes.insert(bytes.end(), contents.begin(), contents.end());
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

Bytes TarBytes(const NamedFiles& files) {
  Bytes bytes;
  for (const auto& [name, contents] : files) {
    const Bytes member = TarMemberBytes(name, contents);
    bytes.insert(bytes.end(), member.begin(), member.end());
  }
  bytes.resize(bytes.size() + 1024);
  return bytes;
}

void PutFiles(const std::string& folder, const NamedFiles& files) {
  for (const auto& [name, contents] : files) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    std::filesystem::create_directories(path.parent_path());
    PutFile(path.string(), contents);
  }
}

NamedFiles SmallPictureFolder() {
  return {{"README.md", {'h', 'i'}},
          {"train/dog/b.jpg", JpegBytes(SmoothBitmap(4, 6, 3, 1))},
          {"train/dog/a.png", PngBytes(SmoothBitmap(4, 6, 3, 2))},
          {"train/dog/c.JPEG", JpegBytes(SmoothBitmap(4, 6, 1, 3))},
          {"train/cat/1.png", PngBytes(SmoothBitmap(4, 6, 3, 4))},
          {"train/cat/2.png", PngBytes(SmoothBitmap(4, 6, 1, 5))},
          {"train/cat/.hidden", {1, 2}},
          {"train/cat/3.jpeg", JpegBytes(SmoothBitmap(4, 6, 3, 6))},
          {"val/cat/1.png", PngBytes(SmoothBitmap(4, 6, 3, 7))},
          {"val/cat/2.png", PngBytes(SmoothBitmap(4, 6, 3, 8))},
          {"val/dog/1.png", PngBytes(SmoothBitmap(4, 6, 3, 9))},
          {"val/dog/2.png", PngBytes(SmoothBitmap(4, 6, 3, 10))}};
}

}  // namespace seve
