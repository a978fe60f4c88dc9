#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "benchmarks/device/kernels.h"
#include "benchmarks/device/measurements.h"
#include "tensor/cuda/check.h"

namespace seve::benchmark {
namespace {

void CheckCopy(const Bench& bench, const DeviceBuffer& from, const DeviceBuffer& to) {
  Buffer source(from.size()), copy(to.size());
  CopyToHost(from.data(), {source.data(), source.size()}, bench.device.stream());
  CopyToHost(to.data(), {copy.data(), copy.size()}, bench.device.stream());
  const auto whole = source.As<std::byte>();
  Check(std::ranges::equal(whole, copy.As<std::byte>()), "a copy differs from what was copied");
}

}  // namespace

double MeasureCopies(const Bench& bench) {
  const auto bytes = static_cast<size_t>(bench.sizes.elements) * sizeof(float);
  const cudaStream_t stream = bench.device.stream();
  const DeviceBuffer from(bytes), to(bytes);
  FillWithNoise(DType::kFloat32, from.data(), bench.sizes.elements, stream);
  bench.table.Begin("copies", "GB/s", "");
  double best = 0;
  const auto measure = [&](const std::string& what, const std::function<void()>& copy) {
    const double seconds = MedianSeconds(bench.device, bench.repeats, copy);
    const double rate = 2.0 * static_cast<double>(bytes) / seconds * 1e-9;
    bench.table.Add(what, seconds, rate);
    best = std::max(best, rate);
  };
  measure("cudaMemcpyAsync", [&] {
    CheckCuda(cudaMemcpyAsync(to.data(), from.data(), bytes, cudaMemcpyDeviceToDevice, stream),
              "cudaMemcpyAsync");
  });
  CheckCuda(cudaMemsetAsync(to.data(), 0, bytes, stream), "cudaMemsetAsync");
  measure("kernel, 16 bytes a thread", [&] { CopyPacks(from.data(), to.data(), bytes, stream); });
  CheckCopy(bench, from, to);
  return best;
}

}  // namespace seve::benchmark
