// How long work takes on a GPU, by its own clock.
#pragma once

#include <functional>

#include "tensor/cuda/cuda_device.h"

namespace seve::benchmark {

struct Repeats {
  int windows = 11;
  int calls = 10;  // in a window, back to back
};

// Seconds that one call of `body`, which enqueues in the device's stream, keeps the device busy:
// the median over windows between two events. Calls it a few times before, so that nothing is
// loaded or chosen within a window.
double MedianSeconds(const CudaDevice& device, const Repeats& repeats,
                     const std::function<void()>& body);

}  // namespace seve::benchmark
