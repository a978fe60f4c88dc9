// Runs one layer on memory of its own, and judges it against a float64 reference.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "layers/layer.h"
#include "tensor/buffer.h"

namespace seve::testing {

using Values = std::vector<float>;
using Doubles = std::vector<double>;

// Uniform in [-1, 1), a function of `stream` and position alone.
Values Uniform(int64_t count, uint32_t stream);

struct RunOptions {
  bool training = true;
  bool frozen = false;  // no parameter gradients
  bool input_gradient = true;
  bool add_input_gradient = false;
  uint64_t name_hash = 17;
};

// A bound layer with its memory. Inputs, parameters and output gradients start as fixed random
// numbers, all gradients as `kBefore`.
class LayerRun {
 public:
  static constexpr float kBefore = 0.5f;

  LayerRun(const Layer& layer, const Shape& input, int64_t rows, const RunOptions& options = {});

  void Forward(const StepContext& context = {}) { bound_->Forward(context); }
  void Backward(const StepContext& context = {}) { bound_->Backward(context); }

  // Views of the memory.
  std::span<float> input() const { return input_.As<float>().first(input_count_); }
  std::span<float> output() const { return output_.As<float>().first(output_count_); }
  std::span<float> output_gradient() const {
    return output_gradient_.As<float>().first(output_count_);
  }
  std::span<float> input_gradient() const {
    return input_gradient_.As<float>().first(input_count_);
  }
  std::span<float> parameter(size_t index) const;
  std::span<float> parameter_gradient(size_t index) const;
  size_t parameters() const { return specs_.size(); }

 private:
  std::vector<ParameterSpec> specs_;
  size_t input_count_;
  size_t output_count_;
  Buffer input_, output_, output_gradient_, input_gradient_, workspace_;
  std::vector<Buffer> parameters_, parameter_gradients_;
  std::unique_ptr<BoundLayer> bound_;
};

// y of all rows from x of all rows and the parameters, in float64.
using Reference =
    std::function<Doubles(int64_t rows, const Doubles& x, const std::vector<Doubles>& parameters)>;

struct LayerCase {
  std::string name;
  std::function<std::unique_ptr<Layer>()> make;
  Shape input;
  Reference reference;
};

// Gradient of sum_i weights_i reference(x)_i by central differences, with respect to x (first) and
// each parameter.
std::vector<Doubles> NumericalGradients(const Reference& reference, int64_t rows, const Doubles& x,
                                        const std::vector<Doubles>& parameters,
                                        const Doubles& weights);

Doubles ToDouble(std::span<const float> values);

// Largest |actual - (before + expected)| relative to the largest magnitude in `expected` (at least
// 1).
double RelativeError(std::span<const float> actual, const Doubles& expected, double before = 0);

}  // namespace seve::testing
