// What a forecast needs to know of a cluster: what its GPUs or hosts are linked by. Rates are in
// GB/s (10^9 bytes) and one direction.
#pragma once

namespace seve {

// Whose constants NCCL's cost model takes.
enum class GpuGeneration { kVolta, kAmpere, kHopper };

// 70, 75: Volta; 80 to 89: Ampere; 90 and above: Hopper, Blackwell as well. Throws Error(kUsage)
// below 70.
GpuGeneration GenerationOf(int compute_capability);

// Who sums the gradients.
enum class SummedBy {
  kNccl,      // GPUs, with NCCL
  kMpiHosts,  // CPUs: in memory within a host, with MPI between hosts
};

struct Fabric {
  SummedBy summed_by = SummedBy::kNccl;
  int ranks_per_node = 1;  // GPUs, or CPU ranks

  GpuGeneration generation = GpuGeneration::kAmpere;
  // What NVLink carries for one GPU by its data sheet: 300 for an A100-SXM4, 450 for an H100-SXM5.
  // 0: PCIe alone.
  double nvlink_gbs = 0;
  // What one GPU moves over PCIe to another one or to a network card: 24 of the 32 of 16 lanes of
  // generation 4.
  double pcie_gbs = 24;
  // Whether network cards sit with GPUs behind PCIe switches, as in DGX and HGX nodes of 8. Cards
  // at the CPUs' own ports are reached through them, slower, and NCCL does without its protocol
  // LL128 between nodes.
  bool pcie_switches = true;
  // NCCL counts 2 us to post a message on hosts with AMD's CPUs, 1 us on Intel's.
  bool amd_hosts = true;

  // What the links of one node to the network carry by their name: 12.5 for 100 Gbit/s, shared by
  // its ranks.
  double network_gbs = 12.5;
  // Added to each message between nodes, in seconds: long cables, a slow switch.
  double extra_latency = 0;
  // How many times less the links between groups of nodes carry than their nodes together could;
  // counted in full, as if all other nodes were sending too, in jobs of more nodes than a group
  // has.
  double oversubscription = 1;
  int nodes_per_group = 32;

  // kMpiHosts: what one core reads and writes while it sums, what the memory of a host does with
  // all its ranks at work, and how long one exchange of small messages takes; 30 us is usual for
  // TCP.
  double core_gbs = 30;
  double memory_gbs = 200;
  double exchange_latency = 30e-6;
};

// Throws Error(kUsage) naming what cannot be: a rate that is no positive number, no ranks in a
// node.
void ValidateFabric(const Fabric& fabric);

// Of a job whose nodes are filled one after the other.
int NodesOf(const Fabric& fabric, int ranks);

// The cards that carry network_gbs: of 50 GB/s (400 Gbit/s) beside Hopper, of 25 beside older GPUs.
int NetworkCardsOf(const Fabric& fabric);

// What really arrives over a node's network links in a job of `nodes` nodes.
double UsableNetwork(const Fabric& fabric, int nodes);

// What a GPU really sends to others of its node when `ranks` of them take part.
double UsableIntraNode(const Fabric& fabric, int ranks);

// All GPUs of a node reach each other through switches at the full rate, and those of Hopper add
// (NVLS): boards of 8. On smaller boards each pair has its share of the links.
bool HasNvSwitch(const Fabric& fabric);

}  // namespace seve
