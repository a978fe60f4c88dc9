#include "comm/bfloat16_wire.h"

#include <bit>

namespace seve {
namespace {

uint16_t Rounded(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t magnitude = bits & 0x7fffffffu;
  const uint32_t nearest = bits + 0x7fffu + (bits >> 16 & 1);
  // Rounding could turn what is not a number into infinity, or zero; its quiet bit is set instead.
  return static_cast<uint16_t>((magnitude > 0x7f800000u ? bits | 0x400000u : nearest) >> 16);
}

}  // namespace

void RoundToBfloat16(std::span<const float> values, uint16_t* rounded) {
  for (size_t i = 0; i < values.size(); ++i) rounded[i] = Rounded(values[i]);
}

void WidenBfloat16(std::span<const uint16_t> rounded, float* values) {
  for (size_t i = 0; i < rounded.size(); ++i) {
    values[i] = std::bit_cast<float>(static_cast<uint32_t>(rounded[i]) << 16);
  }
}

}  // namespace seve
