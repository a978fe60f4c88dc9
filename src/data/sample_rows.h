// Samples of equal size, one after the other in memory, read in random order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace seve {

// Calls use(row, place of sample indices[row]) for every row, in order.
//
// No hardware prefetcher foresees the next sample. Rows fetched ahead by software and the time to
// gather 64 of 784 bytes out of 60,000: 0: 15.6 us, 1: 8.1, 2: 5.8, 4: 4.9.
template <typename Use>
void ForEachSample(std::span<const int64_t> indices, const std::byte* samples, size_t bytes_each,
                   Use use) {
  constexpr size_t kAhead = 4, kCacheLine = 64;
  const auto place = [&](size_t row) {
    return samples + static_cast<size_t>(indices[row]) * bytes_each;
  };
  for (size_t row = 0; row < indices.size(); ++row) {
    if (row + kAhead < indices.size()) {
      for (size_t i = 0; i < bytes_each; i += kCacheLine) {
        __builtin_prefetch(place(row + kAhead) + i);
      }
    }
    use(row, place(row));
  }
}

}  // namespace seve
