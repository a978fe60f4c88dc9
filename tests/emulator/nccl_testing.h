// Ranks of NCCL communicators as threads and as processes, for tests of the emulator.
#pragma once

#include <nccl.h>

#include <functional>
#include <vector>

#include "emulator/test_memory.h"

namespace seve::testing {

// One rank with a communicator and a stream. The communicator is destroyed with it.
class NcclRank {
 public:
  // Meets the others. Throws std::runtime_error with NCCL's words.
  NcclRank(const ncclUniqueId& id, int ranks, int rank);
  ~NcclRank();
  NcclRank(const NcclRank&) = delete;
  NcclRank& operator=(const NcclRank&) = delete;

  // What reductions get and give: `count` values of this rank, the same at each call.
  [[nodiscard]] std::vector<float> Values(size_t count) const { return ValuesOf(rank, count); }
  static std::vector<float> ValuesOf(int rank, size_t count);
  void Synchronize() const;

  const int ranks;
  const int rank;
  ncclComm_t comm = nullptr;
  emulator::TestStream stream;
};

using RankBody = std::function<void(NcclRank&)>;

ncclUniqueId MakeId();
// Runs `body` on as many threads, each with a device of its own.
void OnThreads(int ranks, const RankBody& body);
// The same on processes that share a device and take themselves for different hosts.
void OnProcesses(int ranks, const RankBody& body);
// Forks; `body` runs in each child, whose failures become the caller's.
void Fork(int children, const std::function<void(int child)>& body);

}  // namespace seve::testing
