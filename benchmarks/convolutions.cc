// Times the three products of convolutions on one thread, at 64 samples, as layers compute them and
// as oneDNN alone does where pictures and weights lie as it likes them and stay so, which no plan
// can promise: reorders to and from its layouts are not counted.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/philox.h"
#include "layers/cpu/convolution.h"
#include "layers/cpu/gemm.h"
#include "layers/cpu/onednn.h"

namespace seve {
namespace {

constexpr int64_t kRows = 64;

using dnnl::memory;
using Run = std::function<void()>;

// Float memory of random values in [-1, 1).
Buffer Values(size_t bytes) {
  Buffer buffer(bytes);
  const Philox random = RandomStream(1, RandomPurpose::kInitialization);
  uint32_t at = 0;
  for (float& value : buffer.As<float>()) value = 2 * UnitFloat(random(at++, 0, 0, 0)[0]) - 1;
  return buffer;
}

Buffer Values(const Shape& shape) {
  return Values(static_cast<size_t>(shape.elements()) * sizeof(float));
}

// The least time of a call in seconds: what the machine can do when nothing disturbs it. Both take
// turns, so that they see the same machine.
std::pair<double, double> LeastTimes(const Run& first, const Run& second) {
  constexpr int kRounds = 30;
  constexpr double kRoundSeconds = 0.004;
  const auto time = [](const Run& run, int calls) {
    const Stopwatch watch;
    for (int i = 0; i < calls; ++i) run();
    return watch.Seconds() / calls;
  };
  second();
  time(first, 1);
  const int calls = static_cast<int>(kRoundSeconds / std::max(time(first, 1), 1e-6)) + 1;
  std::pair<double, double> least = {1e9, 1e9};
  for (int round = 0; round < kRounds; ++round) {
    least.first = std::min(least.first, time(first, calls));
    least.second = std::min(least.second, time(second, calls));
  }
  return least;
}

// oneDNN's products, everything in the layouts that it chooses.
class Alone {
 public:
  explicit Alone(const ConvolutionGeometry& geometry)
      : stride_{geometry.stride.height, geometry.stride.width},
        padding_{geometry.padding.height, geometry.padding.width},
        x_(Any(geometry.InputShape().WithRows(kRows))),
        w_(Any(geometry.WeightShape())),
        y_(Any(geometry.OutputShape().WithRows(kRows))),
        bias_({geometry.outputs}, memory::data_type::f32, memory::format_tag::x) {}

  Run Forward() {
    const dnnl::convolution_forward::primitive_desc chosen = ForwardDescription();
    return Bind(dnnl::convolution_forward(chosen), chosen,
                {{DNNL_ARG_SRC, chosen.src_desc()},
                 {DNNL_ARG_WEIGHTS, chosen.weights_desc()},
                 {DNNL_ARG_BIAS, chosen.bias_desc()},
                 {DNNL_ARG_DST, chosen.dst_desc()}});
  }

  Run InputGradient() {
    using Product = dnnl::convolution_backward_data;
    const auto chosen = GradientDescription<Product>();
    return Bind(Product(chosen), chosen,
                {{DNNL_ARG_DIFF_DST, chosen.diff_dst_desc()},
                 {DNNL_ARG_WEIGHTS, chosen.weights_desc()},
                 {DNNL_ARG_DIFF_SRC, chosen.diff_src_desc()}});
  }

  Run WeightGradient() {
    using Product = dnnl::convolution_backward_weights;
    const auto chosen = GradientDescription<Product>();
    return Bind(Product(chosen), chosen,
                {{DNNL_ARG_SRC, chosen.src_desc()},
                 {DNNL_ARG_DIFF_DST, chosen.diff_dst_desc()},
                 {DNNL_ARG_DIFF_WEIGHTS, chosen.diff_weights_desc()}});
  }

 private:
  static constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;

  static memory::desc Any(const Shape& shape) {
    return {shape.extents(), memory::data_type::f32, memory::format_tag::any};
  }

  dnnl::convolution_forward::primitive_desc ForwardDescription() {
    const dnnl::convolution_forward::desc wanted(dnnl::prop_kind::forward_training, kAlgorithm, x_,
                                                 w_, bias_, y_, stride_, padding_, padding_);
    return {wanted, OneDnnAttributes(), device_.engine};
  }

  template <typename Product>
  typename Product::primitive_desc GradientDescription() {
    const typename Product::desc wanted(kAlgorithm, x_, w_, y_, stride_, padding_, padding_);
    return {wanted, OneDnnAttributes(), device_.engine, ForwardDescription()};
  }

  // Every argument gets memory of its own.
  template <typename Description>
  Run Bind(const dnnl::primitive& primitive, const Description& description,
           const std::vector<std::pair<int, memory::desc>>& arguments) {
    const OneDnnCall& call = calls_.emplace_back(primitive, description, device_);
    std::vector<dnnl_exec_arg_t> bound;
    for (const auto& [argument, layout] : arguments) {
      buffers_.push_back(Values(layout.get_size()));
      memories_.emplace_back(layout, device_.engine, buffers_.back().data());
      bound.push_back({argument, memories_.back().get()});
    }
    return [this, &call, bound] {
      if (bound.size() == 3) return call.Run({bound[0], bound[1], bound[2]}, device_);
      call.Run({bound[0], bound[1], bound[2], bound[3]}, device_);
    };
  }

  OneDnnDevice device_;
  memory::dims stride_, padding_;
  memory::desc x_, w_, y_, bias_;
  std::list<OneDnnCall> calls_;
  std::vector<Buffer> buffers_;
  std::vector<memory> memories_;
};

void Report(const std::string& convolution, const char* product, double flops, const Run& ours,
            const Run& alone) {
  const auto [mine, theirs] = LeastTimes(ours, alone);
  fmt::print("{:<32} {:<3} {:>10.0f} {:>10.0f} {:>8.2f}\n", convolution, product,
             flops / mine * 1e-9, flops / theirs * 1e-9, theirs / mine);
}

// Square pictures and filters.
void Time(const std::string& network, int64_t inputs, int64_t size, int64_t outputs, int64_t kernel,
          int64_t stride, int64_t padding) {
  const int64_t windows = WindowsAlong(size, kernel, stride, padding);
  const ConvolutionGeometry geometry = {.inputs = inputs,
                                        .outputs = outputs,
                                        .input = {size, size},
                                        .output = {windows, windows},
                                        .kernel = {kernel, kernel},
                                        .stride = {stride, stride},
                                        .padding = {padding, padding}};
  const std::string name = fmt::format("{} {}-{} {}x{}{}", network, inputs, outputs, size, size,
                                       stride == 1 ? "" : fmt::format(", stride {}", stride));
  const auto flops = static_cast<double>(kRows * geometry.Flops());
  const Buffer x = Values(geometry.InputShape().WithRows(kRows)),
               w = Values(geometry.WeightShape());
  const Buffer y = Values(geometry.OutputShape().WithRows(kRows)), bias = Values(Shape{outputs});
  const auto data = [](const Buffer& buffer) { return buffer.As<float>().data(); };
  Alone alone(geometry);

  // As layers compute them, some samples at a time.
  const int64_t rows = ConvolutionRows(geometry, kRows);
  const int64_t x_row = geometry.InputShape().elements(), y_row = geometry.OutputShape().elements();
  const auto forward = MakeConvolutionForward(geometry, rows, {}, false);
  const Run run_forward = [&] {
    forward->SetWeights(data(w), data(bias));
    for (int64_t i = 0; i < kRows; i += rows) {
      forward->Run(data(x) + i * x_row, data(y) + i * y_row);
    }
  };
  Report(name, "y", flops, run_forward, alone.Forward());
  const auto input = MakeConvolutionInputGradient(geometry, rows, false);
  const Run run_input = [&] {
    input->SetWeights(data(w));
    for (int64_t i = 0; i < kRows; i += rows) input->Run(data(y) + i * y_row, data(x) + i * x_row);
  };
  Report(name, "dx", flops, run_input, alone.InputGradient());
  const int64_t weight_rows = WeightGradientRows(geometry, kRows);
  const auto weight = MakeConvolutionWeightGradient(geometry, weight_rows);
  const Run run_weight = [&] {
    for (int64_t i = 0; i < kRows; i += weight_rows) {
      weight->Add(data(x) + i * x_row, data(y) + i * y_row, i == 0);
    }
    weight->Store(data(w), false);
  };
  Report(name, "dw", flops, run_weight, alone.WeightGradient());
}

}  // namespace
}  // namespace seve

int main() {
  using seve::Time;
  seve::UseComputeThreads(1);
  fmt::print("# {:<34} {:>10} {:>10} {:>8}\n", "", "ours", "oneDNN", "share");
  fmt::print("# {:<34} {:>10} {:>10}\n", "", "GFLOP/s", "GFLOP/s");
  Time("LeNet-5", 1, 28, 6, 5, 1, 2);
  Time("LeNet-5", 6, 14, 16, 5, 1, 0);
  Time("CifarNet", 3, 32, 10, 3, 1, 1);
  Time("CifarNet", 10, 16, 50, 3, 1, 1);
  Time("CifarNet", 50, 8, 150, 3, 1, 1);
  Time("ResNet-20", 3, 32, 16, 3, 1, 1);
  Time("ResNet-20", 16, 32, 16, 3, 1, 1);
  Time("ResNet-20", 16, 32, 32, 3, 2, 1);
  Time("ResNet-20", 32, 16, 32, 3, 1, 1);
  Time("ResNet-20", 64, 8, 64, 3, 1, 1);
  Time("lab 5", 100, 16, 100, 3, 1, 1);
  Time("lab 5", 100, 8, 100, 3, 1, 1);
  return 0;
}
