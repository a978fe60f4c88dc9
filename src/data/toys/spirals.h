// Two interleaved spirals: a classic problem that no linear classifier solves.
#pragma once

#include <cstdint>

#include "data/data_sets.h"

namespace seve {

struct SpiralOptions {
  int64_t samples = 1000;
  int64_t test = 200;  // may be 0
  float noise = 0.2f;  // uniform, up to this far in x and in y
  float turns = 1.75f;
  uint64_t seed = 1;
};

// Points of two arms whose radius grows from 0 to 5, half a turn apart. Fields: "input", float32
// (7): x, y, x^2, y^2, xy, sin x, sin y; "target", int32 (): the arm. Classes alternate from sample
// to sample; a sample is a pure function of its index and the options (on one kind of machine).
DataSets MakeSpirals(const SpiralOptions& options);

}  // namespace seve
