// The reduction of several hosts on threads: what MPI carries goes through the process's memory.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "comm/host_reduction.h"
#include "comm/waiter.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr int kHosts = 2, kRanksPerHost = 2;
constexpr size_t kFloats = 30011;

// What ranks of equal index give each other, by range.
class Post {
 public:
  void Give(int host, int index, uint64_t number, std::span<const float> slice) {
    const std::lock_guard lock(mutex_);
    slices_[{index, number}][host].assign(slice.begin(), slice.end());
  }
  // The sum once every host has given its slice.
  bool Take(int index, uint64_t number, std::span<float> slice) {
    const std::lock_guard lock(mutex_);
    const auto& given = slices_[{index, number}];
    if (given.size() < kHosts) return false;
    for (size_t i = 0; i < slice.size(); ++i) {
      slice[i] = 0;
      for (const auto& [host, values] : given) slice[i] += values[i];
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<int, uint64_t>, std::map<int, std::vector<float>>> slices_;
};

class ByPost : public AcrossHosts {
 public:
  ByPost(Post& post, int host, int index) : post_(post), host_(host), index_(index) {}

  void Begin(std::span<float> slice, Wire, Legs, uint64_t number) override {
    post_.Give(host_, index_, number, slice);
    slices_.emplace_back(slice, number);
  }
  void Progress() override {
    while (done_ < slices_.size() &&
           post_.Take(index_, slices_[done_].second, slices_[done_].first)) {
      ++done_;
    }
  }
  size_t Done() const override { return done_; }
  std::vector<Range> Owned(size_t floats) const override {
    return {SliceOf({0, floats}, host_, kHosts)};
  }
  void Clear() override {
    slices_.clear();
    done_ = 0;
  }

 private:
  Post& post_;
  int host_, index_;
  std::vector<std::pair<std::span<float>, uint64_t>> slices_;
  size_t done_ = 0;
};

struct Host {
  Host() : slots(kRanksPerHost) {
    for (int i = 0; i < kRanksPerHost; ++i) arenas.emplace_back(kFloats * sizeof(float));
  }
  std::vector<BarrierSlot> slots;
  std::vector<Buffer> arenas;
};

float Term(int rank, size_t i, int step) {
  return static_cast<float>(
      (i * 7 + 13 * static_cast<size_t>(rank) + 5 * static_cast<size_t>(step)) % 101);
}

// Some steps of one rank, whose buckets end in the midst of what it computes.
void RunRank(Host& host, Post& post, int host_index, int index, size_t* wrong) {
  Activity activity;
  const int rank = host_index * kRanksPerHost + index;
  Waiter::Options options;
  options.rank = rank;
  options.oversubscribed = true;
  options.describe = [](int r) { return std::to_string(r); };
  const Waiter waiter(activity, options);
  HostBarrier barrier(host.slots, index, waiter, {0, 1});
  ByPost across(post, host_index, index);
  std::vector<float*> arenas;
  for (const auto& arena : host.arenas) arenas.push_back(arena.As<float>().data());
  HostReduction reduction(arenas, kFloats, index, kRanksPerHost, barrier, &across);
  const auto mine = host.arenas[static_cast<size_t>(index)].As<float>();
  const size_t cuts[] = {0, 5000, 5037, 20000, kFloats};
  for (int step = 0; step < 20; ++step) {
    for (size_t k = 0; k + 1 < std::size(cuts); ++k) {
      for (size_t i = cuts[k]; i < cuts[k + 1]; ++i) mine[i] = Term(rank, i, step);
      reduction.Start({cuts[k], cuts[k + 1]}, Wire::kFloat32, Legs::kBoth);
      if ((rank + step) % 3 == 0) std::this_thread::yield();
      reduction.Progress();
    }
    reduction.Finish();
    for (size_t i = 0; i < kFloats; ++i) {
      float sum = 0;
      for (int other = 0; other < kHosts * kRanksPerHost; ++other) sum += Term(other, i, step);
      *wrong += mine[i] != sum;
    }
  }
}

TEST(HostReduction, SumsOverHostsWhileRanksCompute) {
  std::vector<Host> hosts(kHosts);
  Post post;
  std::vector<size_t> wrong(kHosts * kRanksPerHost);
  std::vector<std::thread> ranks;
  for (int host = 0; host < kHosts; ++host) {
    for (int index = 0; index < kRanksPerHost; ++index) {
      ranks.emplace_back(RunRank, std::ref(hosts[static_cast<size_t>(host)]), std::ref(post), host,
                         index, &wrong[static_cast<size_t>(host * kRanksPerHost + index)]);
    }
  }
  for (auto& rank : ranks) rank.join();
  EXPECT_EQ(wrong, std::vector<size_t>(wrong.size()));
}

}  // namespace
}  // namespace seve
