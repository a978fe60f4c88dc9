// Floats rounded to bfloat16 (the upper half of a binary32) for messages, and back.
#pragma once

#include <cstdint>
#include <span>

namespace seve {

// To nearest, ties to even; what is not a number stays so. `rounded`: as many elements.
void RoundToBfloat16(std::span<const float> values, uint16_t* rounded);
// Exact.
void WidenBfloat16(std::span<const uint16_t> rounded, float* values);

}  // namespace seve
