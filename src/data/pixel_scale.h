// From the stored bytes of pictures to the values that a network reads.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace seve {

// A stored byte v becomes (v / 255 - mean) / deviation, computed as fma(v, scale, shift), on GPUs too.
class PixelScale {
 public:
  PixelScale(float mean, float deviation)
      : scale_(static_cast<float>(1 / (255.0 * deviation))),
        shift_(static_cast<float>(-static_cast<double>(mean) / deviation)) {}

  [[nodiscard]] float scale() const { return scale_; }
  [[nodiscard]] float shift() const { return shift_; }

  void Apply(const uint8_t* __restrict__ bytes, size_t count, float* __restrict__ values) const {
    const float scale = scale_, shift = shift_;
    for (size_t i = 0; i < count; ++i) values[i] = std::fma(static_cast<float>(bytes[i]), scale, shift);
  }

 private:
  float scale_;
  float shift_;
};

}  // namespace seve
