// Sums over the pixels of channels-last pictures: what bias gradients of convolutions are made of.
#pragma once

#include <cstdint>

#include "tensor/buffer.h"

namespace seve {

// sums(channels) = sums of values(pixels, channels), or += with `add`, in a fixed order. Few
// channels are summed as many: neighbouring pixels side by side, so that vectors are full.
class ChannelSums {
 public:
  ChannelSums(int64_t pixels, int64_t channels);
  void Run(const float* values, float* sums, bool add) const;

 private:
  int64_t pixels_;
  int64_t channels_;
  int64_t together_;  // pixels
  Buffer wide_sums_;  // (together, channels)
};

}  // namespace seve
