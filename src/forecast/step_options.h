// How the forecast step is configured: what a user could change.
#pragma once

#include <cstdint>

namespace seve {

enum class WireType { kFp32, kBf16 };  // of gradients on their way

// Of the bytes of FP32.
constexpr double WireShare(WireType wire) { return wire == WireType::kBf16 ? 0.5 : 1; }

struct StepOptions {
  // Buckets as model/gradient_reducer.h cuts them: the first and the last one small. 0: each slice
  // is a bucket.
  double bucket_mib = 25;
  double small_bucket_mib = 1;
  WireType wire = WireType::kFp32;
  // Of each rank and step; gradients are summed over ranks once, in the last one's backward pass.
  int64_t micro_batches = 1;
  // Optimizer state is sharded over ranks (ZeRO stage 1, arXiv 1910.02054): gradients are reduced
  // to their shard's rank, which updates it, and parameters gathered.
  bool zero_1 = false;
  // Standard deviation of a rank's time for one step, as a share of it. 1 to 2 % is an assumption
  // with which published efficiencies within one node agree (docs/forecast.md); hosts shared with
  // others, and input from a network disk, have more.
  double jitter = 0.015;
};

}  // namespace seve
