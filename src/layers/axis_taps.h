// Weighted sums along one axis: which places each new one is made of.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace seve {

struct AxisTap {
  int32_t place = 0;
  float factor = 1;
};

// New place i is the sum of factor * old place over its taps, which go up.
struct AxisTaps {
  int64_t places = 0;              // old ones
  std::vector<int32_t> begins{0};  // of each new place's taps, and the end of the last one's
  std::vector<AxisTap> taps;

  // Ends the taps of a new place.
  void EndPlace() { begins.push_back(static_cast<int32_t>(taps.size())); }
  [[nodiscard]] int64_t size() const { return static_cast<int64_t>(begins.size()) - 1; }
  [[nodiscard]] std::span<const AxisTap> Of(int64_t place) const {
    const auto at = static_cast<size_t>(place);
    return std::span(taps).subspan(static_cast<size_t>(begins[at]),
                                   static_cast<size_t>(begins[at + 1] - begins[at]));
  }
  // Where gradients go: the old places from the new ones.
  [[nodiscard]] AxisTaps Transposed() const;
};

}  // namespace seve
