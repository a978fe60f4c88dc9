// What one rank owns of the parameter arena where each updates its own share.
#pragma once

#include <algorithm>
#include <vector>

#include "comm/range.h"

namespace seve {

// Ranges of the arena; what belongs to them lies one range behind the other in memory of its own.
class Shard {
 public:
  // Ascending, disjoint.
  explicit Shard(std::vector<Range> owned) : owned_(std::move(owned)) {
    for (const Range range : owned_) {
      places_.push_back(floats_);
      floats_ += range.size();
    }
  }

  [[nodiscard]] const std::vector<Range>& owned() const { return owned_; }
  [[nodiscard]] size_t floats() const { return floats_; }

  // Calls use(range, its place in the shard's own memory) for what is owned of `within`.
  template <typename Use>
  void ForEach(Range within, Use use) const {
    for (size_t i = 0; i < owned_.size(); ++i) {
      const size_t begin = std::max(owned_[i].begin, within.begin);
      const size_t end = std::min(owned_[i].end, within.end);
      if (begin < end) use(Range{begin, end}, places_[i] + begin - owned_[i].begin);
    }
  }
  template <typename Use>
  void ForEach(Use use) const {
    for (size_t i = 0; i < owned_.size(); ++i) use(owned_[i], places_[i]);
  }

 private:
  std::vector<Range> owned_;
  std::vector<size_t> places_;
  size_t floats_ = 0;
};

}  // namespace seve
