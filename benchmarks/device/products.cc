#include <fmt/format.h>

#include "benchmarks/device/kernels.h"
#include "benchmarks/device/measurements.h"
#include "layers/cuda/gemm.h"

namespace seve::benchmark {
namespace {

struct Form {
  const char* name;
  bool transpose_a, transpose_b;
  bool gradient;  // of parameters: FP32 in every precision
};

// Of Linear, N rows, weight (units, inputs).
constexpr Form kForms[] = {
    {.name = "forward", .transpose_a = false, .transpose_b = true, .gradient = false},
    {.name = "input gradient", .transpose_a = false, .transpose_b = false, .gradient = false},
    {.name = "weight gradient", .transpose_a = true, .transpose_b = false, .gradient = true},
};

void MeasurePrecision(const Bench& bench, Precision precision) {
  const int64_t size = bench.sizes.product;
  const DType type = ActivationType(precision);
  const auto count = static_cast<size_t>(size * size);
  const DeviceBuffer a(count * SizeOf(type)), b(count * SizeOf(type)), d(count * sizeof(float));
  for (const DeviceBuffer* factor : {&a, &b}) {
    FillWithNoise(type, factor->data(), size * size, bench.device.stream());
  }
  const double operations = 2.0 * static_cast<double>(size) * static_cast<double>(count);
  for (const Form& form : kForms) {
    const CudaGemm product({.m = size,
                            .n = size,
                            .k = size,
                            .transpose_a = form.transpose_a,
                            .transpose_b = form.transpose_b,
                            .precision = precision,
                            .output = form.gradient ? DType::kFloat32 : type,
                            .bias = nullptr},
                           bench.device);
    const double seconds = MedianSeconds(bench.device, bench.repeats,
                                         [&] { product.Run(a.data(), b.data(), d.data()); });
    bench.table.Add(fmt::format("{}, {}", form.name, NameOf(precision)), seconds,
                    operations / seconds * 1e-12);
  }
}

}  // namespace

void MeasureProducts(const Bench& bench) {
  bench.table.Begin("products", "TFLOP/s", "");
  for (const auto precision : {Precision::kFp32, Precision::kTf32, Precision::kBf16}) {
    MeasurePrecision(bench, precision);
  }
}

}  // namespace seve::benchmark
