#include "forecast/bucket_chain.h"

#include <algorithm>

namespace seve {
namespace {

constexpr double kMib = 1 << 20;

}  // namespace

std::vector<GradientSlice> MergeSlices(std::span<const GradientSlice> slices,
                                       const StepOptions& options) {
  const double small = options.small_bucket_mib * kMib, large = options.bucket_mib * kMib;
  size_t tail = slices.size();  // the last bucket takes slices from here
  for (double bytes = 0; tail > 0; --tail) {
    bytes += slices[tail - 1].bytes;
    if (bytes > small) break;
  }
  std::vector<GradientSlice> buckets;
  bool open = false;
  for (size_t i = 0; i < slices.size(); ++i) {
    if (!open || i == tail) {
      buckets.push_back(slices[i]);
    } else {
      buckets.back().bytes += slices[i].bytes;
      buckets.back().ready = slices[i].ready;
    }
    open = buckets.back().bytes < (buckets.size() == 1 ? std::min(small, large) : large);
  }
  return buckets;
}

BucketChain ChainBuckets(std::span<const GradientSlice> buckets, double backward,
                         const std::function<CollectiveTime(double bytes)>& time_of) {
  BucketChain chain;
  for (const GradientSlice& bucket : buckets) {
    const CollectiveTime time = time_of(bucket.bytes);
    const double start = std::max(bucket.ready * backward, chain.end);
    chain.end = start + time.seconds - time.work;
    chain.overlapped += std::max(0.0, std::min(chain.end, backward) - start);
    chain.latency += time.latency;
    chain.work += time.work;
    chain.ctas = std::max(chain.ctas, time.ctas);
  }
  chain.exposed = std::max(0.0, chain.end - backward);
  return chain;
}

}  // namespace seve
