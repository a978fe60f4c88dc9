#include <fmt/format.h>

#include <string>

#include "benchmarks/device/kernels.h"
#include "benchmarks/device/measurements.h"
#include "layers/activation.h"
#include "layers/cuda/cuda_scope.h"

namespace seve::benchmark {
namespace {

constexpr int64_t kColumns = 1024;

// Four arrays: input, output and their gradients.
class Arrays {
 public:
  Arrays(const Bench& bench, DType type)
      : type_(type),
        rows_(bench.sizes.elements * 4 / static_cast<int64_t>(SizeOf(type)) / kColumns),
        memory_(4 * bytes()) {
    FillWithNoise(type, memory_.data(), 4 * rows_ * kColumns, bench.device.stream());
  }

  [[nodiscard]] int64_t rows() const { return rows_; }
  [[nodiscard]] size_t bytes() const {
    return static_cast<size_t>(rows_ * kColumns) * SizeOf(type_);
  }
  [[nodiscard]] Tensor operator[](size_t i) const {
    return {memory_.data() + i * bytes(), type_, Shape{rows_, kColumns}};
  }

 private:
  DType type_;
  int64_t rows_;
  DeviceBuffer memory_;
};

void MeasureActivation(const Bench& bench, const ActivationLayer& layer, Precision precision,
                       double copy_rate) {
  const Arrays arrays(bench, ActivationType(precision));
  const DeviceBuffer place(sizeof(SamplePlace));
  const CudaScope scope{.device = bench.device,
                        .precision = precision,
                        .seed = 1,
                        .place = place.As<SamplePlace>(),
                        .loss_scale = nullptr};
  LayerBinding binding;
  binding.rows = arrays.rows();
  binding.training = true;
  binding.inputs = {arrays[0]};
  binding.output = arrays[1];
  binding.output_gradient = arrays[2];
  binding.input_gradients = {arrays[3]};
  binding.add_input_gradient = {false};
  const auto bound = layer.BindCuda(binding, scope);
  const auto add = [&](const char* pass, int arrays_moved, const auto& run) {
    const double seconds = MedianSeconds(bench.device, bench.repeats, run);
    const double rate = arrays_moved * static_cast<double>(arrays.bytes()) / seconds * 1e-9;
    bench.table.Add(fmt::format("{} {}, {}", layer.kind(), pass, NameOf(precision)), seconds, rate,
                    rate / copy_rate);
  };
  // Reads the input and writes the output; reads one of them and a gradient, and writes the other.
  add("forward", 2, [&] { bound->Forward({}); });
  add("backward", 3, [&] { bound->Backward({}); });
}

}  // namespace

void MeasureActivations(const Bench& bench, double copy_rate) {
  bench.table.Begin("activations", "GB/s", "of copy");
  for (const auto kind : {ActivationKind::kRelu, ActivationKind::kLeakyRelu,
                          ActivationKind::kSigmoid, ActivationKind::kTanh, ActivationKind::kElu,
                          ActivationKind::kGelu, ActivationKind::kSoftplus, ActivationKind::kSwish,
                          ActivationKind::kSelu, ActivationKind::kHardTanh}) {
    const ActivationLayer layer({.kind = kind, .parameter = 0.5f, .high = 1}, Shape{kColumns});
    for (const auto precision : {Precision::kFp32, Precision::kBf16}) {
      MeasureActivation(bench, layer, precision, copy_rate);
    }
  }
}

}  // namespace seve::benchmark
