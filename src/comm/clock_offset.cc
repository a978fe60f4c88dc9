#include "comm/clock_offset.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/trace.h"

namespace seve {
namespace {

constexpr size_t kBarriers = 64;

struct Passage {
  int64_t come, gone;  // Trace::Now() before and after a barrier
};
using Passages = std::array<Passage, kBarriers>;

ClockOffset Between(const Passages& mine, const Passages& theirs) {
  int64_t least = std::numeric_limits<int64_t>::min(), most = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < kBarriers; ++i) {
    least = std::max(least, mine[i].come - theirs[i].gone);
    most = std::min(most, mine[i].gone - theirs[i].come);
  }
  return {.nanoseconds = least + (most - least) / 2, .error = (most - least) / 2};
}

}  // namespace

ClockOffset MeasureClockOffset(Communicator& communicator) {
  Passages mine;
  for (auto& passage : mine) {
    passage.come = Trace::Now();
    communicator.Barrier();
    passage.gone = Trace::Now();
  }
  Passages first = mine;
  communicator.Broadcast(std::as_writable_bytes(std::span(first)), 0);
  return communicator.rank() == 0 ? ClockOffset() : Between(mine, first);
}

}  // namespace seve
