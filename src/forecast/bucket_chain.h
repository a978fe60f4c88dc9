// What of the gradients' way over the network the backward pass hides.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "forecast/collective_time.h"
#include "forecast/step_options.h"
#include "forecast/step_profile.h"

namespace seve {

// Merges slices in their order, by the rule of CutBuckets() (model/gradient_reducer.h); a bucket is
// ready with its last slice. Bytes stay those of FP32.
std::vector<GradientSlice> MergeSlices(std::span<const GradientSlice> slices,
                                       const StepOptions& options);

// Times in seconds, `end` from the start of the backward pass.
struct BucketChain {
  double end = 0;         // of the last bucket
  double exposed = 0;     // of communication, after the backward pass
  double overlapped = 0;  // of communication, during it
  double latency = 0;     // of all buckets' communication
  double work = 0;        // of all buckets, beside: the ranks' own
  int ctas = 0;           // most thread blocks of a bucket
};

// One after the other on one stream: end_i = max(ready_i, end_(i-1)) + time_i, as in MG-WFBP (arXiv
// 1811.11141) and the DAG model (arXiv 1805.03812); exposed = max(0, end - backward).
BucketChain ChainBuckets(std::span<const GradientSlice> buckets, double backward,
                         const std::function<CollectiveTime(double bytes)>& time_of);

}  // namespace seve
