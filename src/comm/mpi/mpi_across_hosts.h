// Sums slices over hosts with messages, in the same fixed tree as within a host.
//
// Open MPI's own all-reduce adds in an order that depends on size and algorithm. Here every host's
// rank of equal index receives its part of the slice from all others, adds in tree order, and all
// gather the parts: for n floats over h hosts 2 n (h - 1) / h floats sent, those of a ring, in two
// exchanges. Short slices are exchanged whole: one exchange.
#pragma once

#include <vector>

#include "comm/host_barrier.h"
#include "comm/host_reduction.h"
#include "comm/mpi/mpi_call.h"

namespace seve {

class MpiAcrossHosts : public AcrossHosts {
 public:
  // Everything passed outlives it; `barrier` learns that this rank is away while it waits.
  MpiAcrossHosts(const MpiComm& across, const Waiter& waiter, HostBarrier& barrier);

  void Sum(std::span<float> slice) override;

 private:
  void SumWhole(std::span<float> slice);
  void SumInParts(std::span<float> slice);
  void ExchangeParts(std::span<const float> slice);
  void GatherParts(std::span<float> slice);
  void AddReceived(size_t count, float* out);
  void Wait(MPI_Request request);

  const MpiComm& across_;
  const Waiter& waiter_;
  HostBarrier& barrier_;
  int host_, hosts_;
  std::vector<float> received_;  // one equal piece a host
  std::vector<const float*> inputs_;
  std::vector<int> send_counts_, send_offsets_, receive_counts_, receive_offsets_;
};

}  // namespace seve
