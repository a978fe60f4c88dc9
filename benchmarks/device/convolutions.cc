#include <fmt/format.h>

#include "benchmarks/device/kernels.h"
#include "benchmarks/device/measurements.h"
#include "layers/cuda/convolution_passes.h"

namespace seve::benchmark {
namespace {

struct Named {
  const char* name;
  int64_t inputs, outputs;  // channels
  int64_t extent;           // of the input, square
  int64_t kernel, stride;
  int64_t batches;  // how many times the batch of the benchmark
};

// Of ResNet-50 on pictures of 224 x 224, then of ResNet-20 and lab 5 on 32 x 32.
constexpr Named kImageNet[] = {
    {"stem 7x7/2", 3, 64, 224, 7, 2, 1},      {"1x1 64-64", 64, 64, 56, 1, 1, 1},
    {"3x3 64", 64, 64, 56, 3, 1, 1},          {"1x1 64-256", 64, 256, 56, 1, 1, 1},
    {"3x3/2 128", 128, 128, 56, 3, 2, 1},     {"3x3 128", 128, 128, 28, 3, 1, 1},
    {"1x1/2 256-512", 256, 512, 56, 1, 2, 1}, {"3x3 256", 256, 256, 14, 3, 1, 1},
    {"1x1 1024-256", 1024, 256, 14, 1, 1, 1}, {"3x3 512", 512, 512, 7, 3, 1, 1},
    {"1x1 512-2048", 512, 2048, 7, 1, 1, 1},
};
constexpr Named kCifar[] = {
    {"3x3 3-16", 3, 16, 32, 3, 1, 4},   {"3x3 16", 16, 16, 32, 3, 1, 4},
    {"3x3 32", 32, 32, 16, 3, 1, 4},    {"3x3 64 of 8x8", 64, 64, 8, 3, 1, 4},
    {"3x3 100", 100, 100, 32, 3, 1, 4},
};

ConvolutionGeometry GeometryOf(const Named& named) {
  const int64_t padding = named.kernel / 2;
  const int64_t output = WindowsAlong(named.extent, named.kernel, named.stride, padding);
  return {.inputs = named.inputs,
          .outputs = named.outputs,
          .input = {named.extent, named.extent},
          .output = {output, output},
          .kernel = {named.kernel, named.kernel},
          .stride = {named.stride, named.stride},
          .dilation = {1, 1},
          .padding = {padding, padding}};
}

// Memory of random values.
class Noise {
 public:
  Noise(const Shape& shape, DType type, const CudaDevice& device)
      : memory_(static_cast<size_t>(shape.elements()) * SizeOf(type)),
        tensor_(memory_.data(), type, shape) {
    FillWithNoise(type, memory_.data(), shape.elements(), device.stream());
  }
  [[nodiscard]] const Tensor& tensor() const { return tensor_; }

 private:
  DeviceBuffer memory_;
  Tensor tensor_;
};

void MeasureOne(const Bench& bench, const Named& named, Precision precision) {
  const ConvolutionGeometry geometry = GeometryOf(named);
  const int64_t rows = named.batches * bench.sizes.pictures;
  const CudaScope scope = {.device = bench.device, .precision = precision};
  const DType type = ActivationType(precision);
  const Noise x(geometry.InputShape().WithRows(rows), type, bench.device);
  const Noise y(geometry.OutputShape().WithRows(rows), type, bench.device);
  const Noise weight(geometry.WeightShape(), type, bench.device);
  const Noise gradient(geometry.WeightShape(), DType::kFloat32, bench.device);
  const Noise bias({geometry.outputs}, type, bench.device);
  const double operations = static_cast<double>(geometry.Flops()) * static_cast<double>(rows);
  const auto measure = [&](const char* what, const std::string& engine, const auto& body) {
    const double seconds = MedianSeconds(bench.device, bench.repeats, body);
    bench.table.Add(fmt::format("{}, {}, {}", named.name, what, NameOf(precision)), seconds,
                    operations / seconds * 1e-12, 0, engine);
  };
  for (const bool biased : {false, true}) {
    const PicturePass forward(ConvolutionPass::kForward, geometry, rows, {.bias = biased}, scope);
    measure(biased ? "forward+bias" : "forward", forward.Engine(), [&] {
      forward.Run(x.tensor(), weight.tensor(), bias.tensor(), y.tensor(), y.tensor());
    });
  }
  const PicturePass input(ConvolutionPass::kInputGradient, geometry, rows, {}, scope);
  measure("input grad", input.Engine(),
          [&] { input.Run(y.tensor(), weight.tensor(), Tensor(), x.tensor(), x.tensor()); });
  const WeightPass weights(geometry, rows, scope);
  measure("weight grad", weights.Engine(),
          [&] { weights.Run(x.tensor(), y.tensor(), gradient.tensor(), false); });
}

}  // namespace

void MeasureConvolutions(const Bench& bench) {
  for (const auto precision : {Precision::kTf32, Precision::kBf16}) {
    if (!bench.sizes.small_pictures) {
      bench.table.Begin("convolutions of ResNet-50", "TFLOP/s", "");
      for (const Named& named : kImageNet) MeasureOne(bench, named, precision);
    }
    bench.table.Begin("convolutions of CIFAR nets", "TFLOP/s", "");
    for (const Named& named : kCifar) MeasureOne(bench, named, precision);
  }
}

}  // namespace seve::benchmark
