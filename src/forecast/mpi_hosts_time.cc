#include "forecast/mpi_hosts_time.h"

#include <algorithm>

namespace seve {
namespace {

constexpr double kWholeBytes = 16384;  // kWhole of comm/mpi/slice_exchange.cc

}  // namespace

CollectiveTime MpiHostsTime(Collective collective, const Fabric& fabric, int ranks, double bytes,
                            WireType wire) {
  const int hosts = NodesOf(fabric, ranks);
  const int here = std::min(ranks, fabric.ranks_per_node);
  CollectiveTime time{.algorithm = hosts > 1 ? "MPI between hosts" : "shared memory"};
  const double rate = std::min(fabric.core_gbs, fabric.memory_gbs / here);
  if (here > 1) time.work = 2 * bytes * 1e-9 / rate;
  time.seconds = time.work;
  if (hosts > 1) {
    const bool two = hosts == 2 && collective == Collective::kAllReduce && wire == WireType::kFp32;
    const bool whole = bytes <= kWholeBytes || two;  // carried as they are
    const double sent =
        whole ? (hosts - 1) * bytes : 2 * (hosts - 1) * bytes * WireShare(wire) / hosts;
    time.latency = (whole ? 1 : 2) * (fabric.exchange_latency + fabric.extra_latency);
    time.seconds += time.latency + sent * 1e-9 / UsableNetwork(fabric, hosts);
  }
  if (collective != Collective::kAllReduce) {
    time.seconds /= 2;
    time.work /= 2;
    time.latency /= 2;
  }
  return time;
}

}  // namespace seve
