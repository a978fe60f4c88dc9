#include "forecast/nccl_time.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "forecast/nccl_constants.h"

namespace seve {
namespace {

using nccl::Algorithm;
using nccl::Protocol;

constexpr const char* kProtocolNames[] = {"LL", "LL128", "Simple"};

// The job as NCCL's tuning sees it. Rates in GB/s, latencies in microseconds.
struct Job {
  Collective collective;
  int ranks, nodes, generation;
  int channels;       // of the search; twice as many thread blocks
  double ring, tree;  // what all channels carry together
  double bytes;
  bool amd, hopper, ll128;  // LL128: allowed
  nccl::Link intra;
  double extra_latency;

  [[nodiscard]] int per_node() const { return std::max(1, ranks / nodes); }
  [[nodiscard]] int scale() const { return std::min(nodes, 3) - 1; }  // 1, 2, more nodes
  [[nodiscard]] int steps() const {
    return (collective == Collective::kAllReduce ? 2 : 1) * (ranks - 1);
  }
  [[nodiscard]] int inter_steps() const {
    return (collective == Collective::kAllReduce ? 2 : 1) * (nodes - 1);
  }
};

Job JobOf(Collective collective, const Fabric& fabric, int ranks, double bytes) {
  Job job{};
  job.collective = collective;
  job.ranks = ranks;
  job.nodes = NodesOf(fabric, ranks);
  job.generation = static_cast<int>(fabric.generation);
  job.hopper = fabric.generation == GpuGeneration::kHopper;
  job.bytes = bytes;
  job.amd = fabric.amd_hosts;
  job.intra = fabric.nvlink_gbs > 0 ? nccl::kNvLink : nccl::kPcie;
  job.ll128 = job.intra == nccl::kNvLink && (job.nodes == 1 || fabric.pcie_switches);
  job.extra_latency = fabric.extra_latency * 1e6;

  const double intra = UsableIntraNode(fabric, ranks);
  const double net = UsableNetwork(fabric, job.nodes);
  const int within = static_cast<int>(std::lround(intra / (job.hopper ? 30 : 20)));
  job.channels = job.nodes > 1 ? NetworkCardsOf(fabric) : std::clamp(within, 1, 16);
  job.ring = job.nodes > 1 ? std::min(net, intra) : intra;
  // A tree crosses between two nodes only once; the search may double its rate within them.
  job.tree = job.nodes == 2 ? std::min(2 * net, intra) : job.ring;
  return job;
}

// Latency in microseconds of one message between nodes.
double InterLatency(const Job& job, Algorithm algorithm, Protocol protocol) {
  const Algorithm exposed = job.ranks == job.nodes ? nccl::kTree : algorithm;
  const int posts = protocol == nccl::kSimple ? 2 : 1;  // Simple flushes as well
  return nccl::kLinkLatency[nccl::kNet][exposed][protocol] + posts * job.extra_latency;
}

double MaxLl(const Job& job) {
  if (job.nodes == 1) return nccl::kMaxLlOneNode[job.generation];
  return (job.amd ? nccl::kMaxLlAmd : nccl::kMaxLlIntel)[job.scale() - 1];
}

CollectiveTime TimeOf(const Job& job, double latency_us, double gbs, std::string name) {
  const double latency = latency_us * 1e-6;
  return {.seconds = latency + job.bytes * 1e-9 / gbs,
          .latency = latency,
          .ctas = 2 * job.channels,
          .algorithm = std::move(name)};
}

CollectiveTime RingTime(const Job& job, Protocol protocol) {
  double bus = job.ring;
  if (protocol == nccl::kLl) bus = std::min(MaxLl(job), bus * 0.5);
  if (protocol == nccl::kLl128) {
    bus = std::min(bus * 0.92, job.channels * nccl::kMaxRingLl128[job.generation]);
  }
  double intra = nccl::kLinkLatency[job.intra][nccl::kRing][protocol];
  // "Inter-node rings still have to launch nsteps * net overhead."
  if (job.nodes > 1) {
    intra = std::max(intra, (job.amd ? 2.0 : 1.0) * (protocol == nccl::kSimple ? 3 : 1));
  }
  double latency = nccl::kBaseLatency[nccl::kRing][protocol] +
                   (job.steps() - job.inter_steps()) * intra +
                   job.inter_steps() * InterLatency(job, nccl::kRing, protocol);
  const bool plateau = job.bytes / (2 * job.channels * job.ranks) >= 64;
  if (protocol == nccl::kSimple && job.nodes > 1 && plateau &&
      job.collective == Collective::kAllReduce) {
    latency *= job.generation == static_cast<int>(GpuGeneration::kVolta) ? 1.9 : 1.4;
  }
  return TimeOf(job, latency, bus * job.ranks / job.steps(),
                std::string("ring ") + kProtocolNames[protocol]);
}

CollectiveTime TreeTime(const Job& job, Protocol protocol) {
  double bus =
      std::min(job.tree * 0.92, job.channels * nccl::kMaxTree[job.generation][job.scale()]);
  if (protocol == nccl::kLl) bus = std::min(bus / 3.8, MaxLl(job));
  if (protocol == nccl::kLl128) {
    bus = std::min(bus * (job.nodes == 1 ? 7.0 / 9 : 120.0 / 128),
                   job.channels * nccl::kMaxTreeLl128[job.generation][job.scale()]);
  }
  if (job.hopper) bus *= 0.85;  // its trees are plain ones: NCCL_TOPO_PATTERN_TREE
  const int size = static_cast<int>(std::floor(std::log2(std::max(job.bytes, 64.0) / 64)));
  if (size < nccl::kTreeSizes) bus *= nccl::kTreeCorrection[protocol][size];
  const int levels = std::bit_width(static_cast<unsigned>(job.nodes)) - 1;
  const double latency =
      nccl::kBaseLatency[nccl::kTree][protocol] +
      2 * ((job.per_node() - 1) * nccl::kLinkLatency[job.intra][nccl::kTree][protocol] +
           levels * InterLatency(job, nccl::kTree, protocol));
  return TimeOf(job, latency, bus * 0.5, std::string("tree ") + kProtocolNames[protocol]);
}

// NVSwitch adds. Within a node each GPU sends the buffer up once and its share of the sum again: (1
// + 1 / n) bytes at NCCL's efficiency. (NCCL's own formula rests on its search's table of rates,
// which this model has not.)
CollectiveTime NvlsTime(const Fabric& fabric, const Job& job) {
  const double intra = UsableIntraNode(fabric, job.ranks) * nccl::kNvlsEfficiency;
  const int here = std::min(job.ranks, fabric.ranks_per_node);
  if (job.nodes == 1) return TimeOf(job, nccl::kNvlsLatency, intra / (1 + 1.0 / here), "NVLS");
  const double bus = std::min({2 * intra * (here - 1) / here, (job.nodes == 2 ? 2 : 1) * job.ring,
                               job.channels * nccl::kMaxNvlsTreeHopper[job.scale()]});
  const int levels = std::bit_width(static_cast<unsigned>(job.nodes)) - 1;
  const double latency =
      nccl::kNvlsLatency + 2 * levels * (nccl::kNvlsTreeNetLatency + 2 * job.extra_latency);
  return TimeOf(job, latency, bus * job.ranks / job.steps(), "NVLSTree");
}

}  // namespace

CollectiveTime NcclTime(Collective collective, const Fabric& fabric, int ranks, double bytes) {
  const Job job = JobOf(collective, fabric, ranks, bytes);
  std::vector<CollectiveTime> times;
  for (const Protocol protocol : {nccl::kLl, nccl::kLl128, nccl::kSimple}) {
    if (protocol == nccl::kLl128 && !job.ll128) continue;
    times.push_back(RingTime(job, protocol));
    if (collective == Collective::kAllReduce) times.push_back(TreeTime(job, protocol));
  }
  if (collective == Collective::kAllReduce && job.hopper && HasNvSwitch(fabric)) {
    times.push_back(NvlsTime(fabric, job));
  }
  return *std::ranges::min_element(times, {}, &CollectiveTime::seconds);
}

}  // namespace seve
