// Vectors of 16 floats and the transposition of 16 of them.
#pragma once

#include <cstdint>
#include <cstring>

namespace seve {

inline constexpr int64_t kLanes = 16;
using FloatVector = float __attribute__((vector_size(kLanes * sizeof(float))));

// By reference: how a vector is returned depends on the processor that is compiled for.
inline void LoadVector(const float* from, FloatVector& vector) {
  std::memcpy(&vector, from, sizeof(vector));
}

inline void StoreVector(const FloatVector& vector, float* to) {
  std::memcpy(to, &vector, sizeof(vector));
}

// Exchanges the off-diagonal blocks of kSize x kSize values of each square of twice the size.
template <int kSize>
inline void ExchangeBlocks(FloatVector (&rows)[kLanes]) {
  using Indices = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
  Indices low, high;
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool right = (lane & kSize) != 0;
    low[lane] = right ? kLanes + (lane & ~kSize) : lane;
    high[lane] = right ? kLanes + lane : (lane | kSize);
  }
#pragma GCC unroll 16
  for (int row = 0; row < kLanes; ++row) {
    if ((row & kSize) != 0) continue;
    const FloatVector above = rows[row];
    const FloatVector below = rows[row | kSize];
    rows[row] = __builtin_shuffle(above, below, low);
    rows[row | kSize] = __builtin_shuffle(above, below, high);
  }
}

// to(j, i) = from(i, j) for 16 x 16 values; rows lie `from_step` and `to_step` apart and are stored
// in order, so that steps below 16 leave only the first values of each but the last.
inline void TransposeTile(const float* from, int64_t from_step, float* to, int64_t to_step) {
  FloatVector rows[kLanes];
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) LoadVector(from + i * from_step, rows[i]);
  ExchangeBlocks<1>(rows);
  ExchangeBlocks<2>(rows);
  ExchangeBlocks<4>(rows);
  ExchangeBlocks<8>(rows);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) StoreVector(rows[i], to + i * to_step);
}

}  // namespace seve
