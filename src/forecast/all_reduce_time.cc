#include "forecast/all_reduce_time.h"

#include <fmt/format.h>

#include "base/error.h"
#include "forecast/mpi_hosts_time.h"
#include "forecast/nccl_time.h"

namespace seve {
namespace {

CollectiveTime TimeOf(Collective collective, const Fabric& fabric, int ranks, double bytes,
                      WireType wire) {
  ValidateFabric(fabric);
  if (ranks < 1) ThrowUsage(fmt::format("forecast: {} ranks; 1 is the least", ranks));
  if (!(bytes >= 0)) ThrowUsage(fmt::format("forecast: a buffer of {} bytes", bytes));
  if (ranks == 1 || bytes == 0) return {.algorithm = "none"};
  if (fabric.summed_by == SummedBy::kMpiHosts) {
    return MpiHostsTime(collective, fabric, ranks, bytes, wire);
  }
  return NcclTime(collective, fabric, ranks, bytes * WireShare(wire));
}

}  // namespace

CollectiveTime AllReduceTime(const Fabric& fabric, int ranks, double bytes, WireType wire) {
  return TimeOf(Collective::kAllReduce, fabric, ranks, bytes, wire);
}

CollectiveTime ReduceScatterTime(const Fabric& fabric, int ranks, double bytes, WireType wire) {
  return TimeOf(Collective::kReduceScatter, fabric, ranks, bytes, wire);
}

CollectiveTime AllGatherTime(const Fabric& fabric, int ranks, double bytes) {
  return TimeOf(Collective::kAllGather, fabric, ranks, bytes, WireType::kFp32);
}

double BusBandwidth(int ranks, double bytes, double seconds) {
  return bytes / seconds * 2 * (ranks - 1) / ranks * 1e-9;
}

}  // namespace seve
