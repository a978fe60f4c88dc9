#include "layers/cpu/channel_sums.h"

#include <numeric>

#include "layers/cpu/column_sums.h"

namespace seve {
namespace {

constexpr int64_t kFull = 64;  // columns that ColumnSums adds at once

int64_t PixelsTogether(int64_t pixels, int64_t channels) {
  const int64_t together = kFull / std::gcd(kFull, channels);
  return pixels < 4 * together ? 1 : together;
}

}  // namespace

ChannelSums::ChannelSums(int64_t pixels, int64_t channels)
    : pixels_(pixels),
      channels_(channels),
      together_(PixelsTogether(pixels, channels)),
      wide_sums_(static_cast<size_t>(together_ * channels) * sizeof(float)) {}

void ChannelSums::Run(const float* values, float* sums, bool add) const {
  if (together_ == 1) return ColumnSums(values, pixels_, channels_, sums, add);
  const int64_t runs = pixels_ / together_;
  const int64_t rest = pixels_ - runs * together_;
  float* wide = wide_sums_.As<float>().data();
  ColumnSums(values, runs, together_ * channels_, wide, false);
  ColumnSums(wide, together_, channels_, sums, add);
  ColumnSums(values + (pixels_ - rest) * channels_, rest, channels_, sums, true);
}

}  // namespace seve
