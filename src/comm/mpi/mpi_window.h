// A window in memory shared by the ranks of a host, summed between hosts with messages.
#pragma once

#include <optional>

#include "comm/communicator.h"
#include "comm/host_reduction.h"
#include "comm/mpi/hosts.h"
#include "comm/mpi/mpi_across_hosts.h"
#include "comm/mpi/shared_memory.h"

namespace seve {

class MpiWindow : public Window {
 public:
  // Collective. Everything passed outlives the window.
  MpiWindow(size_t floats, const Hosts& hosts, HostBarrier& barrier);
  // Collective: waits for the host's ranks, up to the deadline.
  ~MpiWindow() override;

  std::span<float> local() const override;
  void StartSum(size_t begin, size_t end, Wire wire, Legs legs) override {
    reduction_.Start({begin, end}, wire, legs);
  }
  std::vector<Range> Owned(Range range) const override { return reduction_.Owned(range); }
  void Progress() override { reduction_.Progress(); }
  void FinishSums() override { reduction_.Finish(); }

 private:
  [[nodiscard]] std::vector<float*> Arenas() const;

  size_t floats_;
  const Hosts& hosts_;
  HostBarrier& barrier_;
  std::unique_ptr<SharedMemory> memory_;
  std::optional<MpiAcrossHosts> across_;
  HostReduction reduction_;
};

}  // namespace seve
