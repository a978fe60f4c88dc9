// PNG files of every kind, written by the letter of the standard (https://www.w3.org/TR/png/) for
// the tests of the reader.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace seve {

inline std::string BigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

inline std::string Chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return BigEndian(static_cast<uint32_t>(data.size())) + body +
         BigEndian(static_cast<uint32_t>(sum));
}

struct PngKind {
  uint8_t depth = 8;
  uint8_t colour_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  std::string chunks;       // between header and data: palette, transparency
};

// `rows` are packed as the kind has them, without the filter byte.
inline std::string APng(const PngKind& kind, uint32_t width, const std::vector<std::string>& rows) {
  std::string raw;
  for (const std::string& row : rows) raw += '\0' + row;
  std::string data(compressBound(raw.size()), '\0');
  uLongf size = data.size();
  compress(reinterpret_cast<Bytef*>(data.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
           raw.size());
  data.resize(size);
  std::string header = BigEndian(width) + BigEndian(static_cast<uint32_t>(rows.size()));
  header += static_cast<char>(kind.depth);
  header += static_cast<char>(kind.colour_type);
  header += std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + Chunk("IHDR", header) + kind.chunks + Chunk("IDAT", data) +
         Chunk("IEND", "");
}

}  // namespace seve
