#include <fmt/format.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/device/kernels.h"
#include "benchmarks/device/measurements.h"
#include "optim/adam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"

namespace seve::benchmark {
namespace {

struct Rule {
  std::string name;
  std::unique_ptr<Optimizer> optimizer;
};

std::vector<Rule> Rules() {
  std::vector<Rule> rules;
  const auto add = [&](std::string name, auto optimizer) {
    rules.push_back({std::move(name), std::make_unique<decltype(optimizer)>(optimizer)});
  };
  add("sgd", Sgd({}));
  add("sgd, momentum", Sgd({.momentum = 0.9f}));
  add("sgd, Nesterov", Sgd({.momentum = 0.9f, .nesterov = true}));
  add("rmsprop", RmsProp({}));
  add("rmsprop, momentum", RmsProp({.momentum = 0.9f}));
  add("adam", Adam({}));
  add("adamw", Adam({.weight_decay = 0.01f, .decoupled = true}));
  return rules;
}

// Reads parameters, gradients and states, writes parameters, states and the copy.
double BytesOf(const CudaSliceUpdate& slice, size_t states) {
  const size_t copy = slice.copy == nullptr ? 0 : SizeOf(slice.copy_type);
  return static_cast<double>(slice.count * (sizeof(float) * (3 + 2 * states) + copy));
}

}  // namespace

void MeasureOptimizers(const Bench& bench, double copy_rate) {
  const CudaDevice& device = bench.device;
  const auto count = static_cast<size_t>(bench.sizes.elements);
  const DeviceBuffer parameters(count * sizeof(float)), gradients(count * sizeof(float));
  const DeviceBuffer copy(count * SizeOf(DType::kBfloat16)), update(sizeof(DeviceUpdate));
  FillWithNoise(DType::kFloat32, parameters.data(), bench.sizes.elements, device.stream());
  FillWithNoise(DType::kFloat32, gradients.data(), bench.sizes.elements, device.stream());
  const DeviceUpdate told{.gradient_scale = 0.5f,
                          .sample_share = 0.01f,
                          .learning_rate = 1e-4f,
                          .step = 100,
                          .skip = 0,
                          .non_finite = 0};
  CopyToDevice(std::as_bytes(std::span(&told, 1)), update.data(), device.stream());

  bench.table.Begin("optimizers", "GB/s", "of copy");
  for (const Rule& rule : Rules()) {
    const size_t states = rule.optimizer->StateNames().size();
    std::vector<DeviceBuffer> arenas;
    CudaSliceUpdate slice;
    slice.count = count;
    slice.parameters = parameters.As<float>();
    slice.gradients = gradients.As<float>();
    slice.weight_decay = rule.optimizer->weight_decay();
    slice.update = update.As<DeviceUpdate>();
    for (size_t i = 0; i < states; ++i) {
      arenas.emplace_back(count * sizeof(float));
      slice.states[i] = arenas.back().As<float>();
    }
    for (const bool with_copy : {false, true}) {
      slice.copy = with_copy ? copy.data() : nullptr;
      slice.copy_type = DType::kBfloat16;
      const double seconds =
          MedianSeconds(device, bench.repeats, [&] { rule.optimizer->UpdateCuda(slice, device); });
      const double rate = BytesOf(slice, states) / seconds * 1e-9;
      bench.table.Add(rule.name + (with_copy ? ", BF16 copy" : ""), seconds, rate,
                      rate / copy_rate);
    }
  }
}

}  // namespace seve::benchmark
