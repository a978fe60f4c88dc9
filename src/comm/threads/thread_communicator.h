// The communicator of one rank that runs as a thread.
#pragma once

#include <bit>

#include "comm/communicator.h"
#include "comm/host_barrier.h"
#include "comm/threads/thread_world.h"
#include "comm/waiter.h"

namespace seve {

class ThreadCommunicator : public Communicator {
 public:
  // The world outlives the communicator.
  ThreadCommunicator(ThreadWorld& world, int rank);

  int rank() const override { return rank_; }
  int size() const override { return world_.size(); }
  std::string Describe(int rank) const override;
  std::string Transport() const override { return "threads, shared memory of one process"; }
  Activity& activity() override { return activity_; }
  bool SumsInRankTree() const override {
    return std::has_single_bit(static_cast<unsigned>(size()));
  }
  void Barrier() override;
  void AllReduceSum(std::span<double> values) override;
  void Broadcast(std::span<std::byte> bytes, int root) override;
  std::vector<std::vector<std::byte>> Gather(std::span<const std::byte> bytes, int root) override;
  std::unique_ptr<Window> AllocateWindow(size_t floats) override;
  void Abort(int code) override;

 private:
  // Makes the bytes readable by peers until the next Pass.
  void Publish(std::span<const std::byte> bytes, const char* operation);

  ThreadWorld& world_;
  int rank_;
  Activity activity_;
  Waiter waiter_;
  HostBarrier barrier_;
};

}  // namespace seve
