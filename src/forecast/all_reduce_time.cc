#include "forecast/all_reduce_time.h"

#include <fmt/format.h>

#include "base/error.h"
#include "forecast/mpi_hosts_time.h"
#include "forecast/nccl_time.h"

namespace seve {
namespace {

CollectiveTime TimeOf(Collective collective, const Fabric& fabric, int ranks, double bytes) {
  ValidateFabric(fabric);
  if (ranks < 1) ThrowUsage(fmt::format("forecast: {} ranks; 1 is the least", ranks));
  if (!(bytes >= 0)) ThrowUsage(fmt::format("forecast: a buffer of {} bytes", bytes));
  if (ranks == 1 || bytes == 0) return {.algorithm = "none"};
  return fabric.summed_by == SummedBy::kNccl ? NcclTime(collective, fabric, ranks, bytes)
                                             : MpiHostsTime(collective, fabric, ranks, bytes);
}

}  // namespace

CollectiveTime AllReduceTime(const Fabric& fabric, int ranks, double bytes) {
  return TimeOf(Collective::kAllReduce, fabric, ranks, bytes);
}

CollectiveTime ReduceScatterTime(const Fabric& fabric, int ranks, double bytes) {
  return TimeOf(Collective::kReduceScatter, fabric, ranks, bytes);
}

CollectiveTime AllGatherTime(const Fabric& fabric, int ranks, double bytes) {
  return TimeOf(Collective::kAllGather, fabric, ranks, bytes);
}

double BusBandwidth(int ranks, double bytes, double seconds) {
  return bytes / seconds * 2 * (ranks - 1) / ranks * 1e-9;
}

}  // namespace seve
