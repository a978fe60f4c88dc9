#include "forecast/fabric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace seve {
namespace {

// 24 of 25 GB/s of HDR, 48 of 50 of NDR: the steps of NCCL's search (src/graph/search.cc,
// speedArrayInter), and what nccl-tests show (46-48 and 24 a card).
constexpr double kInfiniBand = 0.96;
// 15-16 GB/s of a card of 25 at a port of the CPU (nccl#412), of PCIe's 24.
constexpr double kThroughCpu = 15.5 / 24;
// TCP over Ethernet: 1,448 of 1,538 bytes of a frame are payload.
constexpr double kTcp = 0.94;
// Of NVLink's 25 GB/s a link: SM80_NVLINK_BW and SM90_NVLINK_BW of NCCL's src/graph/topo.h.
constexpr double kNvLink = 20.0 / 25;
constexpr double kNvLinkHopper = 20.6 / 25;
constexpr int kSwitchedBoard = 8;

void RequirePositive(double value, const char* what) {
  if (std::isfinite(value) && value > 0) return;
  ThrowUsage(fmt::format("forecast: {} is {}; it must be a positive number", what, value));
}

}  // namespace

GpuGeneration GenerationOf(int compute_capability) {
  if (compute_capability >= 90) return GpuGeneration::kHopper;
  if (compute_capability >= 80) return GpuGeneration::kAmpere;
  if (compute_capability >= 70) return GpuGeneration::kVolta;
  ThrowUsage(
      fmt::format("forecast: compute capability {} is older than NCCL's cost model; 70 (Volta) is "
                  "the least it covers",
                  compute_capability));
}

void ValidateFabric(const Fabric& fabric) {
  if (fabric.ranks_per_node < 1) {
    ThrowUsage(fmt::format("forecast: a node has {} ranks; give 1 or more", fabric.ranks_per_node));
  }
  if (fabric.nodes_per_group < 1) {
    ThrowUsage(
        fmt::format("forecast: a group has {} nodes; give 1 or more", fabric.nodes_per_group));
  }
  RequirePositive(fabric.network_gbs, "the network's rate of a node (GB/s)");
  if (fabric.nvlink_gbs != 0) RequirePositive(fabric.nvlink_gbs, "NVLink's rate of a GPU (GB/s)");
  RequirePositive(fabric.pcie_gbs, "PCIe's rate of a GPU (GB/s)");
  RequirePositive(fabric.core_gbs, "the rate at which a core sums (GB/s)");
  RequirePositive(fabric.memory_gbs, "the memory's rate of a host (GB/s)");
  if (!(fabric.oversubscription >= 1)) {
    ThrowUsage(fmt::format("forecast: the network's oversubscription is {}; 1, none, is the least",
                           fabric.oversubscription));
  }
  if (!(fabric.extra_latency >= 0) || !(fabric.exchange_latency >= 0)) {
    ThrowUsage("forecast: a latency of the network is below 0 s");
  }
}

int NodesOf(const Fabric& fabric, int ranks) {
  return (ranks + fabric.ranks_per_node - 1) / fabric.ranks_per_node;
}

int NetworkCardsOf(const Fabric& fabric) {
  const double card = fabric.generation == GpuGeneration::kHopper ? 50 : 25;
  return std::clamp(static_cast<int>(std::ceil(fabric.network_gbs / card - 0.1)), 1, 16);
}

double UsableNetwork(const Fabric& fabric, int nodes) {
  const double busy = nodes > fabric.nodes_per_group ? fabric.oversubscription : 1;
  const double links = fabric.network_gbs / busy;
  if (fabric.summed_by == SummedBy::kMpiHosts) return links * kTcp;
  if (fabric.pcie_switches) return links * kInfiniBand;
  const double through_cpus = NetworkCardsOf(fabric) * fabric.pcie_gbs * kThroughCpu;
  return std::min(links * kInfiniBand, through_cpus);
}

double UsableIntraNode(const Fabric& fabric, int ranks) {
  if (fabric.nvlink_gbs == 0) return fabric.pcie_gbs;
  const double share = fabric.generation == GpuGeneration::kHopper ? kNvLinkHopper : kNvLink;
  const int board = fabric.ranks_per_node;
  const int here = std::clamp(ranks, 1, board);
  const bool part = !HasNvSwitch(fabric) && here > 1 && here < board;
  return fabric.nvlink_gbs * share * (part ? (here - 1.0) / (board - 1) : 1);
}

bool HasNvSwitch(const Fabric& fabric) {
  return fabric.nvlink_gbs > 0 && fabric.ranks_per_node >= kSwitchedBoard;
}

}  // namespace seve
