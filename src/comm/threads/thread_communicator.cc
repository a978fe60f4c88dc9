#include "comm/threads/thread_communicator.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "base/cores.h"
#include "base/error.h"
#include "comm/host_name.h"
#include "comm/host_reduction.h"

namespace seve {
namespace {

std::vector<int> AllRanks(int size) {
  std::vector<int> ranks(size);
  std::iota(ranks.begin(), ranks.end(), 0);
  return ranks;
}

Waiter::Options WaitOptions(const ThreadWorld& world, int rank) {
  const CoreSet cores = CoresOfThisThread();
  return {.rank = rank,
          .oversubscribed = world.size() > CountCores({&cores, 1}),
          .describe = [&world](int r) { return DescribeRank(world.host(), r); },
          .while_waiting = [&world] { world.CheckPeers(); }};
}

class ThreadWindow : public Window {
 public:
  ThreadWindow(std::vector<std::shared_ptr<Buffer>> arenas, int rank, HostBarrier& barrier)
      : arenas_(std::move(arenas)),
        local_(arenas_[rank]->As<float>()),
        reduction_(Pointers(arenas_), local_.size(), rank, static_cast<int>(arenas_.size()),
                   barrier, nullptr) {}

  std::span<float> local() const override { return local_; }
  void StartSum(size_t begin, size_t end, Wire wire, Legs legs) override {
    reduction_.Start({begin, end}, wire, legs);
  }
  std::vector<Range> Owned(Range range) const override { return reduction_.Owned(range); }
  void Progress() override { reduction_.Progress(); }
  void FinishSums() override { reduction_.Finish(); }

 private:
  static std::vector<float*> Pointers(const std::vector<std::shared_ptr<Buffer>>& arenas) {
    std::vector<float*> pointers;
    for (const auto& arena : arenas) pointers.push_back(arena->As<float>().data());
    return pointers;
  }

  std::vector<std::shared_ptr<Buffer>> arenas_;  // every rank's: see ThreadWorld::arena
  std::span<float> local_;
  HostReduction reduction_;
};

}  // namespace

ThreadCommunicator::ThreadCommunicator(ThreadWorld& world, int rank)
    : world_(world),
      rank_(rank),
      waiter_(activity_, WaitOptions(world, rank)),
      barrier_(world.slots(), rank, waiter_, AllRanks(world.size())) {}

std::string ThreadCommunicator::Describe(int rank) const {
  return DescribeRank(world_.host(), rank);
}

void ThreadCommunicator::Barrier() { barrier_.Pass("Barrier"); }

void ThreadCommunicator::Publish(std::span<const std::byte> bytes, const char* operation) {
  world_.CheckPeers();
  world_.published(rank_).assign(bytes.begin(), bytes.end());
  barrier_.Pass(operation);
}

void ThreadCommunicator::AllReduceSum(std::span<double> values) {
  Publish(std::as_bytes(values), "AllReduceSum");
  std::fill(values.begin(), values.end(), 0.0);
  for (int peer = 0; peer < size(); ++peer) {
    const std::vector<std::byte>& bytes = world_.published(peer);
    Check(bytes.size() == values.size_bytes(), "ranks reduce different numbers of values");
    for (size_t i = 0; i < values.size(); ++i) {
      double term;
      std::memcpy(&term, bytes.data() + i * sizeof(double), sizeof(double));
      values[i] += term;
    }
  }
  barrier_.Pass("AllReduceSum");
}

void ThreadCommunicator::Broadcast(std::span<std::byte> bytes, int root) {
  Publish(rank_ == root ? std::span<const std::byte>(bytes) : std::span<const std::byte>(),
          "Broadcast");
  const std::vector<std::byte>& source = world_.published(root);
  Check(bytes.size() == source.size(), "ranks broadcast different numbers of bytes");
  std::copy(source.begin(), source.end(), bytes.begin());
  barrier_.Pass("Broadcast");
}

std::vector<std::vector<std::byte>> ThreadCommunicator::Gather(std::span<const std::byte> bytes,
                                                               int root) {
  Publish(bytes, "Gather");
  std::vector<std::vector<std::byte>> gathered;
  for (int peer = 0; rank_ == root && peer < size(); ++peer) {
    gathered.push_back(world_.published(peer));
  }
  barrier_.Pass("Gather");
  return gathered;
}

std::unique_ptr<Window> ThreadCommunicator::AllocateWindow(size_t floats) {
  world_.CheckPeers();
  world_.arena(rank_) = std::make_shared<Buffer>(floats * sizeof(float));
  barrier_.Pass("AllocateWindow");
  std::vector<std::shared_ptr<Buffer>> arenas;
  for (int peer = 0; peer < size(); ++peer) arenas.push_back(world_.arena(peer));
  barrier_.Pass("AllocateWindow");
  for (const auto& arena : arenas) {
    Check(arena->size() == floats * sizeof(float), "ranks allocate windows of different sizes");
  }
  return std::make_unique<ThreadWindow>(std::move(arenas), rank_, barrier_);
}

void ThreadCommunicator::Abort(int code) { std::_Exit(code); }

}  // namespace seve
