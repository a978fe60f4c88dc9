// Times the pieces of a training step on one thread: products, layers, losses, optimizers, in the
// two models of the MNIST configurations (784-10 and 784-200-10), a convolution and the pools of
// LeNet-5, at 64 samples, products at 512 as well and beside the core's peak. More convolutions:
// convolutions.cc.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/philox.h"
#include "layers/activation.h"
#include "layers/average_pool.h"
#include "layers/conv2d.h"
#include "layers/cpu/blas_check.h"
#include "layers/cpu/gemm.h"
#include "layers/cross_entropy.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/global_pool.h"
#include "layers/hinge.h"
#include "layers/linear.h"
#include "layers/max_pool.h"
#include "layers/maxout.h"
#include "layers/mean_squared_error.h"
#include "layers/prelu.h"
#include "optim/adam.h"
#include "optim/norm.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr int64_t kRows = 64;

// Of one call, over windows, in microseconds. On a busy machine the least is the better guide.
struct Times {
  double median;
  double least;
};

Times Time(const std::function<void()>& body) {
  constexpr int kWindows = 15;
  constexpr double kWindowSeconds = 0.004;
  body();
  int calls = 1;
  for (;;) {
    const Stopwatch watch;
    for (int i = 0; i < calls; ++i) body();
    if (watch.Seconds() > kWindowSeconds) break;
    calls *= 2;
  }
  std::vector<double> times;
  for (int window = 0; window < kWindows; ++window) {
    const Stopwatch watch;
    for (int i = 0; i < calls; ++i) body();
    times.push_back(watch.Seconds() * 1e6 / calls);
  }
  std::ranges::sort(times);
  return {times[kWindows / 2], times[0]};
}

void Report(const std::string& what, const Times& times, double flops = 0, double peak = 0) {
  const double gflops = flops / times.least * 1e-3;
  const std::string rate = flops > 0 ? fmt::format("{:.1f}", gflops) : "-";
  const std::string share = peak > 0 ? fmt::format("{:.0f}", 100 * gflops / peak) : "-";
  fmt::print("{:<46} {:>10.2f} {:>10.2f} {:>10} {:>8}\n", what, times.median, times.least, rate,
             share);
}

using Lanes = float __attribute__((vector_size(64)));

// As many sums at a time as hide an instruction's latency, all in registers.
constexpr int kSums = 12, kTurns = 20000;
Lanes MultiplyAndAdd(Lanes factor, Lanes term) {
  Lanes sums[kSums];
  for (int i = 0; i < kSums; ++i) sums[i] = term * static_cast<float>(i);
  for (int turn = 0; turn < kTurns; ++turn) {
#pragma GCC unroll 12
    for (int i = 0; i < kSums; ++i) sums[i] = sums[i] * factor + term;
  }
  for (int i = 1; i < kSums; ++i) sums[0] += sums[i];
  return sums[0];
}

// GFLOP/s of one core.
double TimePeak() {
  Lanes factor = {}, term = {}, sum = {};
  factor += 0.999f;
  term += 1e-3f;
  const Times times = Time([&] { sum += MultiplyAndAdd(factor, term); });
  const double rate = 2.0 * kSums * kTurns * (sizeof(Lanes) / sizeof(float)) / times.least * 1e-3;
  fmt::print("# peak of the core: {:.0f} GFLOP/s ({})\n", rate, sum[0] > 0 ? "checked" : "wrong");
  return rate;
}

// Float memory of random values in [-1, 1).
class Memory {
 public:
  explicit Memory(int64_t count) : buffer_(static_cast<size_t>(count) * sizeof(float)) {
    const Philox random = RandomStream(1, RandomPurpose::kInitialization);
    uint32_t at = 0;
    for (float& value : values()) value = 2 * UnitFloat(random(at++, 0, 0, 0)[0]) - 1;
  }
  std::span<float> values() const { return buffer_.As<float>(); }
  Tensor As(Shape shape) const { return Tensor(buffer_.data(), DType::kFloat32, std::move(shape)); }

 private:
  Buffer buffer_;
};

void TimeProduct(const std::string& name, const GemmSpec& spec, double peak) {
  const Memory a(spec.m * spec.k), b(spec.k * spec.n), c(spec.m * spec.n);
  const double flops = 2.0 * static_cast<double>(spec.m * spec.n * spec.k);
  for (const auto engine : {GemmEngine::kOneDnn, GemmEngine::kOpenBlas}) {
    const auto product = MakeGemm(spec, engine);
    const bool chosen = ChooseEngine(spec) == engine;
    const auto label =
        fmt::format("product {}, {}{}", name, engine == GemmEngine::kOneDnn ? "oneDNN" : "OpenBLAS",
                    chosen ? " (chosen)" : "");
    Report(label,
           Time([&] { product->Run(a.values().data(), b.values().data(), c.values().data()); }),
           flops, peak);
  }
}

void TimeLayer(const std::string& name, const Layer& layer, const Shape& input,
               bool input_gradient) {
  const Memory x(kRows * input.elements()), dx(kRows * input.elements());
  const Memory y(kRows * layer.output().elements()), dy(kRows * layer.output().elements());
  std::vector<Memory> memory;
  LayerBinding binding;
  binding.rows = kRows;
  binding.training = true;
  binding.inputs = {x.As(input.WithRows(kRows))};
  binding.output = y.As(layer.output().WithRows(kRows));
  binding.output_gradient = dy.As(layer.output().WithRows(kRows));
  binding.input_gradients = {input_gradient ? dx.As(input.WithRows(kRows)) : Tensor()};
  binding.add_input_gradient = {false};
  for (const auto& spec : layer.Parameters()) {
    for (auto* tensors : {&binding.parameters, &binding.parameter_gradients}) {
      memory.emplace_back(spec.shape.elements());
      tensors->push_back(memory.back().As(spec.shape));
    }
  }
  const Buffer workspace(layer.WorkspaceBytes(kRows));
  binding.workspace =
      Tensor(workspace.data(), DType::kUint8, Shape{static_cast<int64_t>(workspace.size())});
  const auto bound = layer.BindCpu(binding);
  const StepContext context;
  Report(name + " forward", Time([&] { bound->Forward(context); }));
  Report(name + " backward", Time([&] { bound->Backward(context); }));
}

void TimeConvolution() {
  const Conv2dOptions options = {.geometry = {.inputs = 1,
                                              .outputs = 6,
                                              .input = {28, 28},
                                              .output = {28, 28},
                                              .kernel = {5, 5},
                                              .padding = {2, 2}},
                                 .activation = {ActivationKind::kRelu}};
  TimeLayer("conv2d 1-6 28 ReLU", Conv2d(options), {1, 28, 28}, false);
}

void TimeLoss(const Loss& loss, int64_t outputs) {
  const Memory scores(kRows * outputs), gradient(kRows * outputs);
  std::vector<int32_t> targets(kRows);
  for (size_t row = 0; row < targets.size(); ++row) {
    targets[row] = static_cast<int32_t>(row % static_cast<size_t>(outputs));
  }
  LossBinding binding;
  binding.rows = kRows;
  binding.scores = scores.As({kRows, outputs});
  binding.target = Tensor(targets.data(), DType::kInt32, Shape{kRows});
  binding.scores_gradient = gradient.As({kRows, outputs});
  const auto bound = loss.BindCpu(binding);
  Report(fmt::format("{} {}x{}", loss.kind(), kRows, outputs), Time([&] { bound->Run({}); }));
}

void TimeOptimizer(const std::string& name, const Optimizer& optimizer, int64_t count) {
  const Memory w(count), g(count);
  std::vector<Memory> states;
  SliceUpdate slice;
  slice.parameters = w.values();
  slice.gradients = g.values();
  for (size_t i = 0; i < optimizer.StateNames().size(); ++i) {
    states.emplace_back(count);
    std::ranges::fill(states.back().values(), 0.0f);
    slice.states[i] = states.back().values();
  }
  slice.learning_rate = 1e-3f;
  Report(fmt::format("{} of {}", name, count), Time([&] { (void)optimizer.UpdateCpu(slice); }));
}

void TimeProducts(int64_t rows, double peak) {
  const auto forward = [&](int64_t n, int64_t k) {
    TimeProduct(fmt::format("{}x{}x{}", rows, n, k),
                {.m = rows, .n = n, .k = k, .transpose_b = true}, peak);
  };
  const auto weight = [&](int64_t n, int64_t k) {
    TimeProduct(fmt::format("{}x{}x{}", n, k, rows),
                {.m = n, .n = k, .k = rows, .transpose_a = true}, peak);
  };
  forward(10, 784);
  weight(10, 784);
  forward(200, 784);
  weight(200, 784);
  forward(10, 200);
  weight(10, 200);
  TimeProduct(fmt::format("{}x200x10 (input gradient)", rows), {.m = rows, .n = 200, .k = 10},
              peak);
}

void TimeLayers() {
  TimeLayer("linear 784-10", Linear({.inputs = 784, .units = 10}), {784}, false);
  TimeLayer("linear 784-200 ReLU",
            Linear({.inputs = 784, .units = 200, .activation = {ActivationKind::kRelu}}), {784},
            false);
  TimeLayer("linear 200-10", Linear({.inputs = 200, .units = 10}), {200}, true);
  for (const auto kind :
       {ActivationKind::kSigmoid, ActivationKind::kTanh, ActivationKind::kRelu,
        ActivationKind::kElu, ActivationKind::kGelu, ActivationKind::kSoftplus,
        ActivationKind::kSwish, ActivationKind::kSelu, ActivationKind::kHardTanh}) {
    TimeLayer(fmt::format("{} 64x200", NameOf(kind)), ActivationLayer({kind, 1, 2}, {200}), {200},
              true);
  }
  TimeLayer("prelu 64x200", PRelu(false, 0.25f, {200}), {200}, true);
  TimeLayer("maxout 784-100 of 2", Maxout({.inputs = 784, .units = 100}, 2), {784}, false);
  TimeLayer("dropout 64x200", Dropout(0.5f, {200}), {200}, true);
  TimeLayer("dropout 64x16x5x5 per channel", Dropout(0.5f, {16, 5, 5}, true), {16, 5, 5}, true);
  TimeLayer("flatten 64x16x5x5", Flatten({16, 5, 5}), {16, 5, 5}, true);
  const WindowGeometry lenet = {
      .channels = 6, .input = {28, 28}, .output = {14, 14}, .size = {2, 2}, .stride = {2, 2}};
  TimeLayer("max_pool 64x6x28x28", MaxPool(lenet), {6, 28, 28}, true);
  TimeLayer("average_pool 64x6x28x28", AveragePool(lenet, true), {6, 28, 28}, true);
  TimeLayer("global_pool 64x64x8x8", GlobalPool(Pooling::kAverage, {64, 8, 8}), {64, 8, 8}, true);
}

void TimeOptimizers() {
  for (const int64_t count : {7850, 159010}) {
    TimeOptimizer("sgd", Sgd({}), count);
    TimeOptimizer("sgd momentum", Sgd({.momentum = 0.9f}), count);
    TimeOptimizer("rmsprop", RmsProp({}), count);
    TimeOptimizer("adam", Adam({}), count);
    const Memory values(count);
    Report(fmt::format("sum of squares of {}", count),
           Time([&] { [[maybe_unused]] volatile double sum = SumOfSquares(values.values()); }));
  }
}

}  // namespace
}  // namespace seve

int main() {
  using namespace seve;
  UseComputeThreads(1);
  const Stopwatch watch;
  CheckBlas();
  fmt::print("# check of the BLAS: {:.2f} ms\n", watch.Seconds() * 1e3);
  const double peak = TimePeak();
  fmt::print("# {:<44} {:>10} {:>10} {:>10} {:>8}\n", "what", "median", "least", "rate", "of peak");
  fmt::print("# {:<44} {:>10} {:>10} {:>10} {:>8}\n", "", "us", "us", "GFLOP/s", "%");
  for (const int64_t rows : {kRows, int64_t{512}}) TimeProducts(rows, peak);
  TimeLayers();
  TimeConvolution();
  for (const int64_t outputs : {10, 1000}) {
    TimeLoss(CrossEntropy(), outputs);
    TimeLoss(Hinge(1), outputs);
    TimeLoss(MeanSquaredError(true), outputs);
  }
  TimeOptimizers();
}
