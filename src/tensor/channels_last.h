// The order in which pictures lie in memory: a batch of them, (N, C, H, W), lies as (N, H, W, C)
// would. Batches of samples of any other rank lie in row-major order.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/host_device.h"
#include "tensor/shape.h"

namespace seve {

// Whether batches of samples of this shape lie channels-last: those of pictures, (C, H, W).
inline bool LiesChannelsLast(const Shape& sample) { return sample.rank() == 3; }

// Whether they lie in row-major order, be it as well: no pictures, one channel, or one pixel.
inline bool LiesRowMajor(const Shape& sample) {
  return !LiesChannelsLast(sample) || sample[0] == 1 || sample[1] * sample[2] == 1;
}

// Whether as many values lie in the same order under either shape.
inline bool LieAlike(const Shape& a, const Shape& b) {
  return (LiesRowMajor(a) && LiesRowMajor(b)) ||
         (LiesChannelsLast(a) && LiesChannelsLast(b) && a[0] == b[0]);
}

// Where the place-th value in row-major order (C, H, W) of a picture lies. `pixels`: H * W.
SEVE_HOST_DEVICE int64_t ChannelsLastPlace(int64_t place, int64_t channels, int64_t pixels) {
  return place % pixels * channels + place / pixels;
}

// The same for a sample of any shape.
inline int64_t PlaceInMemory(int64_t place, const Shape& sample) {
  if (LiesRowMajor(sample)) return place;
  return ChannelsLastPlace(place, sample[0], sample[1] * sample[2]);
}

// to(columns, rows) = from(rows, columns) transposed; they do not overlap.
template <typename T>
void Transpose(const T* __restrict from, int64_t rows, int64_t columns, T* __restrict to) {
  for (int64_t column = 0; column < columns; ++column) {
    for (int64_t row = 0; row < rows; ++row) to[column * rows + row] = from[row * columns + column];
  }
}

// From samples in row-major order, as files and people have them, to samples as they lie here.
template <typename T>
void ToChannelsLast(const T* from, int64_t samples, const Shape& sample, T* to) {
  const int64_t each = sample.elements();
  if (LiesRowMajor(sample)) {
    std::copy_n(from, samples * each, to);
    return;
  }
  for (int64_t i = 0; i < samples * each; i += each) {
    Transpose(from + i, sample[0], sample[1] * sample[2], to + i);
  }
}

// Back again.
template <typename T>
void ToChannelsFirst(const T* from, int64_t samples, const Shape& sample, T* to) {
  const int64_t each = sample.elements();
  if (LiesRowMajor(sample)) {
    std::copy_n(from, samples * each, to);
    return;
  }
  for (int64_t i = 0; i < samples * each; i += each) {
    Transpose(from + i, sample[1] * sample[2], sample[0], to + i);
  }
}

}  // namespace seve
