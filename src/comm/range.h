// A run of floats of an arena.
#pragma once

#include <cstddef>

namespace seve {

// Floats [begin, end).
struct Range {
  size_t begin = 0, end = 0;
  [[nodiscard]] size_t size() const { return end - begin; }
  bool operator==(const Range&) const = default;
};

}  // namespace seve
