// A function of one number, sampled at equal distances, to be fitted.
#pragma once

#include <cstdint>

#include "data/data_sets.h"

namespace seve {

// As CurveFunction of data.proto defines them.
enum class CurveFunction { kSine, kStep, kBump, kDampedSine };

struct CurveOptions {
  CurveFunction function = CurveFunction::kSine;
  int64_t samples = 200;
  double low = -3, high = 3;
  float noise = 0;  // deviation of the normal noise on the target
  uint64_t seed = 1;
};

// f(x), without noise.
double CurveValue(CurveFunction function, double x);

// Fields: "input", float32 (1), from low to high in order, both included (a single sample: low);
// "target", float32 (1).
DataSets MakeCurve(const CurveOptions& options);

}  // namespace seve
