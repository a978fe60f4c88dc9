// Loops over the channels of a pixel in steps of a vector's width.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace seve {

constexpr int kChannelLanes = 8;

// kWidth neighbouring channels, or one: arithmetic, comparisons and ?: work on all of them.
template <typename T, int kWidth>
struct LanesOf {
  using Type [[gnu::vector_size(kWidth * sizeof(T))]] = T;
};
template <typename T>
struct LanesOf<T, 1> {
  using Type = T;
};
template <typename T, int kWidth>
using Lanes = typename LanesOf<T, kWidth>::Type;

template <int kWidth, typename T>
Lanes<T, kWidth> LoadLanes(const T* from) {
  Lanes<T, kWidth> lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

template <int kWidth, typename T>
void StoreLanes(const Lanes<T, kWidth>& lanes, T* to) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

// The value in all lanes.
template <int kWidth, typename T>
Lanes<T, kWidth> AllLanes(T value) {
  return Lanes<T, kWidth>{} + value;
}

// Neighbouring elements of one type as, or from, lanes of another. GCC 12 makes vectors of these
// loops, but not of __builtin_convertvector from bytes.
template <typename T, int kWidth, typename From>
Lanes<T, kWidth> LoadLanesOf(const From* from) {
  T values[kWidth];
  for (int i = 0; i < kWidth; ++i) values[i] = static_cast<T>(from[i]);
  return LoadLanes<kWidth>(values);
}

template <int kWidth, typename T, typename To>
void StoreLanesAs(const T& lanes, To* to) {
  std::remove_cvref_t<decltype(*to)> values[kWidth];
  if constexpr (kWidth == 1) {
    values[0] = static_cast<To>(lanes);
  } else {
    for (int i = 0; i < kWidth; ++i) values[i] = static_cast<To>(lanes[i]);
  }
  std::memcpy(to, values, sizeof(values));
}

// Calls body(width, channel), width being an integral constant, for steps that cover the channels
// of a pixel: kChannelLanes wide as long as `room` values may be read and written from channel 0
// on, else one wide.
//
// A wide step may spill into the values behind the pixel, where those are written later: pixels go
// in the order in which they lie. Else ten channels would be three steps, of eight, one and one.
template <typename Body>
void ForEachLanes(int64_t channels, int64_t room, Body body) {
  int64_t channel = 0;
  for (; channel < channels && channel + kChannelLanes <= room; channel += kChannelLanes) {
    body(std::integral_constant<int, kChannelLanes>(), channel);
  }
  for (; channel < channels; ++channel) body(std::integral_constant<int, 1>(), channel);
}

}  // namespace seve
