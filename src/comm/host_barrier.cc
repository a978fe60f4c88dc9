#include "comm/host_barrier.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace seve {

HostBarrier::HostBarrier(std::span<BarrierSlot> slots, int index, const Waiter& waiter,
                         std::vector<int> ranks, std::vector<int> others)
    : slots_(slots),
      index_(index),
      waiter_(waiter),
      ranks_(std::move(ranks)),
      others_(std::move(others)) {
  Check(ranks_.size() == slots_.size(), "a barrier needs one slot a rank");
}

void HostBarrier::Pass(const char* operation) {
  std::atomic<uint64_t>& mine = slots_[index_].arrived;
  const uint64_t target = mine.load(std::memory_order_relaxed) + 1;
  mine.store(target, std::memory_order_release);
  size_t next = 0;
  waiter_.Until(
      operation,
      [&] {
        while (next < slots_.size() &&
               slots_[next].arrived.load(std::memory_order_acquire) >= target) {
          ++next;
        }
        return next == slots_.size();
      },
      [&] { return Behind(&BarrierSlot::arrived, target); });
}

uint64_t HostBarrier::Announce() {
  std::atomic<uint64_t>& mine = slots_[index_].announced;
  const uint64_t number = mine.load(std::memory_order_relaxed) + 1;
  mine.store(number, std::memory_order_release);
  return number;
}

bool HostBarrier::AllAnnounced(uint64_t count) {
  if (count <= all_announced_) return true;
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (const auto& slot : slots_) {
    least = std::min(least, slot.announced.load(std::memory_order_acquire));
    if (least < count) return false;
  }
  all_announced_ = least;
  return true;
}

void HostBarrier::Enter() { slots_[index_].entered.fetch_add(1, std::memory_order_relaxed); }

std::vector<int> HostBarrier::Laggards() const {
  const uint64_t mine = slots_[index_].entered.load(std::memory_order_relaxed);
  std::vector<int> laggards;
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].entered.load(std::memory_order_relaxed) < mine) laggards.push_back(ranks_[i]);
  }
  return laggards.empty() ? others_ : laggards;
}

void HostBarrier::SetAway(bool away) { slots_[index_].away.store(away, std::memory_order_relaxed); }

std::vector<int> HostBarrier::Behind(Counter counter, uint64_t target) const {
  std::vector<int> late;
  for (size_t i = 0; i < slots_.size(); ++i) {
    const bool arrived = (slots_[i].*counter).load(std::memory_order_relaxed) >= target;
    if (!arrived && !slots_[i].away.load(std::memory_order_relaxed)) late.push_back(ranks_[i]);
  }
  return late.empty() ? others_ : late;
}

}  // namespace seve
