#include "report/tensorboard/record.h"

#include <bit>
#include <cstdint>

#include "base/crc32c.h"

namespace seve {
namespace {

template <typename Unsigned>
std::string LittleEndian(Unsigned value) {
  std::string bytes;
  for (size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>(value >> (8 * i) & 255);
  return bytes;
}

// Masked, so that a checksum of bytes that hold a checksum is a good one, too.
std::string MaskedChecksum(std::string_view bytes) {
  return LittleEndian(std::rotr(Crc32c(bytes), 15) + uint32_t{0xA282EAD8});
}

}  // namespace

std::string Record(std::string_view bytes) {
  const std::string length = LittleEndian(uint64_t{bytes.size()});
  return length + MaskedChecksum(length) + std::string(bytes) + MaskedChecksum(bytes);
}

}  // namespace seve
