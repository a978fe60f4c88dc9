// The random numbers that one operation draws for one sample of training.
#pragma once

#include <cmath>
#include <cstdint>

#include "data/draws.h"

namespace seve {

// Keyed by seed and the operation's place in the list. What is drawn anew in every epoch follows
// the sample's position in the epoch's order, so that a rank needs to know of its own positions
// alone; what is drawn once follows the sample.
struct PictureDraws {
  Philox stream;
  int64_t epoch;
  int64_t position;
  int64_t index;  // in the data set

  SEVE_HOST_DEVICE static PictureDraws Of(uint64_t seed, size_t operation, int64_t epoch,
                                         int64_t position, int64_t index) {
    return {RandomStream(seed, RandomPurpose::kAugmentation,
                         static_cast<uint64_t>(operation) * 0xD1B54A32D192ED03u),
            epoch, position, index};
  }
  [[nodiscard]] SEVE_HOST_DEVICE Draws Now() const {
    return {stream, position, static_cast<uint32_t>(epoch)};
  }
  // No run has that many epochs.
  [[nodiscard]] SEVE_HOST_DEVICE Draws Once() const { return {stream, index, 0xFFFFFFFFu}; }
};

// Uniform, rounded alike on host and device.
SEVE_HOST_DEVICE float UniformAlike(Draws& draws, float low, float high) {
  return std::fma(high - low, UnitFloat(draws.Word()), low);
}

}  // namespace seve
