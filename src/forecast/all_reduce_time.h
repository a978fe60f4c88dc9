// How long ranks take to sum a buffer.
#pragma once

#include "forecast/collective_time.h"
#include "forecast/fabric.h"
#include "forecast/step_options.h"

namespace seve {

// `bytes` (of FP32) of each rank over `ranks` ranks that fill nodes one after the other; no time
// for one rank. Throws Error(kUsage) for ranks < 1, negative bytes, and what ValidateFabric()
// refuses.
CollectiveTime AllReduceTime(const Fabric& fabric, int ranks, double bytes,
                             WireType wire = WireType::kFp32);

// The halves of an all-reduce that ZeRO-1 needs apart (arXiv 1910.02054); `bytes` are those of the
// whole buffer.
CollectiveTime ReduceScatterTime(const Fabric& fabric, int ranks, double bytes,
                                 WireType wire = WireType::kFp32);
CollectiveTime AllGatherTime(const Fabric& fabric, int ranks, double bytes);

// GB/s that each link of a ring would have carried: bytes / seconds * 2 (n - 1) / n, nccl-tests'
// "busbw".
double BusBandwidth(int ranks, double bytes, double seconds);

}  // namespace seve
