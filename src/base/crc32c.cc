#include "base/crc32c.h"

#include <array>

namespace seve {
namespace {

constexpr uint32_t kReflectedPolynomial = 0x82F63B78;

// Remainder of every byte.
constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ (rest & 1) * kReflectedPolynomial;
    table[byte] = rest;
  }
  return table;
}

constexpr auto kTable = MakeTable();

}  // namespace

uint32_t Crc32c(std::string_view bytes) {
  uint32_t rest = ~uint32_t{0};
  for (const char byte : bytes)
    rest = rest >> 8 ^ kTable[(rest ^ static_cast<uint8_t>(byte)) & 255];
  return ~rest;
}

}  // namespace seve
