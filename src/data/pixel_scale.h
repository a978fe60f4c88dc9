// From the stored bytes of pictures to the values that a network reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seve {

// A stored byte v becomes (v / 255 - mean) / deviation, computed as fma(v, scale, shift), on GPUs
// too; with one mean and deviation for all bytes, or for each channel of pictures (..., C).
class PixelScale {
 public:
  explicit PixelScale(float mean = 0, float deviation = 1);
  // As many means as deviations, at least one; deviations are positive.
  PixelScale(std::span<const float> means, std::span<const float> deviations);

  // Channels that it tells apart; 1: none.
  [[nodiscard]] size_t channels() const { return means_.size(); }
  [[nodiscard]] std::span<const float> means() const { return means_; }
  // One a channel.
  [[nodiscard]] std::span<const float> scale() const;
  [[nodiscard]] std::span<const float> shift() const;

  // `count`: a multiple of channels(), which alternate from byte to byte.
  void Apply(const uint8_t* bytes, size_t count, float* values) const;

 private:
  std::vector<float> means_;
  // One a channel, over and over, so that a loop over so many bytes is a few whole vectors.
  std::vector<float> scale_, shift_;
};

}  // namespace seve
