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
  bool frozen = false;             // no parameter gradients
  bool frozen_statistics = false;  // none of statistics
  bool input_gradient = true;
  bool add_input_gradient = false;
  uint64_t name_hash = 17;
};

// A tensor with its memory.
class Memory {
 public:
  Memory(const Values& values, Shape shape);
  std::span<float> values() const { return buffer_.As<float>().first(count_); }
  Tensor tensor() const { return {buffer_.data(), DType::kFloat32, shape_}; }

 private:
  Shape shape_;
  size_t count_;
  Buffer buffer_;
};

// A bound layer with its memory. Inputs, parameters and output gradients start as fixed random
// numbers, statistics among the parameters above 0; all gradients start as `kBefore`.
class LayerRun {
 public:
  static constexpr float kBefore = 0.5f;

  LayerRun(const Layer& layer, const std::vector<Shape>& inputs, int64_t rows,
           const RunOptions& options = {});

  void Forward(const StepContext& context = {}) { bound_->Forward(context); }
  void Backward(const StepContext& context = {}) { bound_->Backward(context); }

  // Views of the memory.
  std::span<float> input(size_t index = 0) const { return inputs_[index].values(); }
  std::span<float> output() const { return output_.values(); }
  std::span<float> output_gradient() const { return output_gradient_.values(); }
  std::span<float> input_gradient(size_t index = 0) const {
    return input_gradients_[index].values();
  }
  std::span<float> parameter(size_t index) const { return parameters_[index].values(); }
  std::span<float> parameter_gradient(size_t index) const {
    return parameter_gradients_[index].values();
  }
  size_t inputs() const { return inputs_.size(); }
  size_t parameters() const { return parameters_.size(); }

 private:
  Memory output_, output_gradient_;
  Buffer workspace_;
  std::vector<Memory> inputs_, input_gradients_, parameters_, parameter_gradients_;
  std::unique_ptr<BoundLayer> bound_;
};

// y of all rows from the inputs of all rows and the parameters, in float64.
using Reference = std::function<Doubles(int64_t rows, const std::vector<Doubles>& inputs,
                                        const std::vector<Doubles>& parameters)>;

struct LayerCase {
  std::string name;
  std::function<std::unique_ptr<Layer>()> make;
  std::vector<Shape> inputs;
  Reference reference;
  // Where statistics are among the parameters: what is computed with them, in evaluation or frozen,
  // and what comes to lie in their gradients, one after the other, in the order of the parameters.
  Reference with_statistics = nullptr;
  Reference statistics = nullptr;

  [[nodiscard]] const Reference& evaluation() const {
    return with_statistics ? with_statistics : reference;
  }
};

// Gradient of sum_i weights_i reference(inputs, parameters)_i by central differences, with respect
// to each input, then each parameter.
std::vector<Doubles> NumericalGradients(const Reference& reference, int64_t rows,
                                        const std::vector<Doubles>& inputs,
                                        const std::vector<Doubles>& parameters,
                                        const Doubles& weights);

Doubles ToDouble(std::span<const float> values);

// Largest |actual - (before + expected)| relative to the largest magnitude in `expected` (at least
// 1).
double RelativeError(std::span<const float> actual, const Doubles& expected, double before = 0);

}  // namespace seve::testing
