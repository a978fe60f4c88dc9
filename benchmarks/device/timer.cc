#include "benchmarks/device/timer.h"

#include <algorithm>
#include <vector>

#include "tensor/cuda/check.h"
#include "tensor/cuda/handles.h"

namespace seve::benchmark {
namespace {

constexpr int kWarmUps = 2;

}  // namespace

double MedianSeconds(const CudaDevice& device, const Repeats& repeats,
                     const std::function<void()>& body) {
  const Event begin = MakeTimingEvent(), end = MakeTimingEvent();
  for (int i = 0; i < kWarmUps; ++i) body();
  device.Synchronize();
  std::vector<double> seconds;
  for (int window = 0; window < repeats.windows; ++window) {
    CheckCuda(cudaEventRecord(begin.get(), device.stream()), "cudaEventRecord");
    for (int call = 0; call < repeats.calls; ++call) body();
    CheckCuda(cudaEventRecord(end.get(), device.stream()), "cudaEventRecord");
    CheckCuda(cudaEventSynchronize(end.get()), "cudaEventSynchronize");
    float milliseconds = 0;
    CheckCuda(cudaEventElapsedTime(&milliseconds, begin.get(), end.get()), "cudaEventElapsedTime");
    seconds.push_back(static_cast<double>(milliseconds) * 1e-3 / repeats.calls);
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::ranges::nth_element(seconds, middle);
  return *middle;
}

}  // namespace seve::benchmark
