// What losses do with one row of scores.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/lane_sum.h"
#include "layers/loss.h"

namespace seve {

// The largest score; a NaN may be passed over.
inline float Largest(const float* scores, int64_t count) {
  constexpr int64_t kLanes = 16;
  float largest = scores[0];
  int64_t i = 0;
  if (count >= kLanes) {
    float lanes[kLanes];
    for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] = scores[lane];
    for (i = kLanes; i + kLanes <= count; i += kLanes) {
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = scores[i + lane] > lanes[lane] ? scores[i + lane] : lanes[lane];
      }
    }
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
  }
  for (; i < count; ++i) largest = scores[i] > largest ? scores[i] : largest;
  return largest;
}

// True when the target has the highest score; among equals the first counts as the highest.
// `largest` is Largest() of the scores. Rows that hold NaN need the caller's own check.
inline bool TargetIsFirstLargest(const float* scores, int64_t target, float largest) {
  if (scores[target] != largest) return false;
  int equal_before = 0;
  for (int64_t i = 0; i < target; ++i) equal_before += scores[i] == largest ? 1 : 0;
  return equal_before == 0;
}

// Throws Error(kData) naming sample and index when some target is no index of `classes` scores.
void CheckTargets(const int32_t* targets, int64_t rows, int64_t classes,
                  const StepContext& context);

}  // namespace seve
