// The barrier of the ranks of one host: one counter a rank in memory that all of them share.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/waiter.h"

namespace seve {

// A rank's line in the shared memory. 128 bytes: processors prefetch cache lines in pairs.
struct alignas(128) BarrierSlot {
  std::atomic<uint64_t> arrived{0};    // barriers this rank has reached
  std::atomic<uint64_t> announced{0};  // ranges this rank has given to be summed
  std::atomic<uint64_t> entered{0};    // collective operations this rank has entered
  std::atomic<bool> away{false};       // this rank is itself waiting for other hosts
};
static_assert(std::atomic<uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "atomics in shared memory must not hide a lock");

// Each rank raises its own counter and reads its peers': p lines written, p^2 read, no line written
// by two ranks. What a rank wrote before Pass is visible to every peer after it.
class HostBarrier {
 public:
  // `slots`: one a rank of this host; `index`: this rank's; `ranks`: their ranks in the world, for
  // messages; `others`: the ranks on other hosts. The waiter and the slots outlive the barrier.
  HostBarrier(std::span<BarrierSlot> slots, int index, const Waiter& waiter, std::vector<int> ranks,
              std::vector<int> others = {});

  // Waits until every rank of the host has called it as often as this one.
  void Pass(const char* operation);

  // Says that one more range of this rank is final, which peers that see the number may read: its
  // number, counted from 1, the same on every rank.
  uint64_t Announce();
  // Whether every rank of the host has announced so many.
  [[nodiscard]] bool AllAnnounced(uint64_t count);
  // The ranks to blame while they have not.
  [[nodiscard]] std::vector<int> NotAnnounced(uint64_t count) const {
    return Behind(&BarrierSlot::announced, count);
  }

  // Counts a collective operation; Laggards() are the ranks of this host that have entered fewer,
  // or where there is none the ranks on other hosts.
  void Enter();
  [[nodiscard]] std::vector<int> Laggards() const;
  // While `away`, this rank waits for other hosts: peers that wait for it blame those.
  void SetAway(bool away);
  [[nodiscard]] const std::vector<int>& others() const { return others_; }
  [[nodiscard]] const Waiter& waiter() const { return waiter_; }

 private:
  using Counter = std::atomic<uint64_t> BarrierSlot::*;
  [[nodiscard]] std::vector<int> Behind(Counter counter, uint64_t target) const;

  std::span<BarrierSlot> slots_;
  int index_;
  uint64_t all_announced_ = 0;  // by every rank, as far as this one has seen
  const Waiter& waiter_;
  std::vector<int> ranks_, others_;
};

}  // namespace seve
