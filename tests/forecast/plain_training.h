// A machine and a training whose times can be worked out by hand.
#pragma once

#include "forecast/fabric.h"
#include "forecast/step_options.h"
#include "forecast/step_profile.h"

namespace seve {

// One GPU a node, 1 GB/s between nodes, latencies under a millisecond: two ranks sum 1 GB in 1 s,
// four in 1.5 s. NCCL's two thread blocks take 2 of 108 SMs from backward meanwhile; what is worked
// out without both is kClose.
inline Fabric PlainFabric() { return {.network_gbs = 1 / 0.96}; }
inline constexpr double kClose = 0.05;  // s

// The same for ranks of CPUs, exactly.
inline Fabric PlainHosts() {
  return {.summed_by = SummedBy::kMpiHosts, .network_gbs = 1 / 0.94, .exchange_latency = 0};
}

// 8 samples: 2 s forward and 4 s backward, of which 1 s and 2 s do not depend on the samples.
// Gradients of 2 GB are ready half-way through backward, 1 GB at its end.
inline StepProfile PlainProfile() {
  return {.steps = {{.samples = 8, .forward = 2, .backward = 4},
                    {.samples = 16, .forward = 3, .backward = 6}},
          .slices = {{.bytes = 2e9, .ready = 0.5}, {.bytes = 1e9, .ready = 1}}};
}

// Each slice is a bucket, and ranks are equally fast.
inline StepOptions PlainOptions() { return {.bucket_mib = 0, .jitter = 0}; }

}  // namespace seve
