#include "layers/layer_testing.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"

namespace seve::testing {
namespace {

Buffer BufferOf(const Values& values) {
  Buffer buffer(values.size() * sizeof(float));
  std::ranges::copy(values, buffer.As<float>().begin());
  return buffer;
}

Tensor TensorOf(const Buffer& buffer, Shape shape) {
  return Tensor(buffer.data(), DType::kFloat32, std::move(shape));
}

double WeightedSum(const Doubles& values, const Doubles& weights) {
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) sum += values[i] * weights[i];
  return sum;
}

}  // namespace

Values Uniform(int64_t count, uint32_t stream) {
  const Philox random = RandomStream(stream, RandomPurpose::kInitialization);
  Values values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = 2 * UnitFloat(random(static_cast<uint32_t>(i), 0, 0, 0)[0]) - 1;
  }
  return values;
}

LayerRun::LayerRun(const Layer& layer, const Shape& input, int64_t rows, const RunOptions& options)
    : specs_(layer.Parameters()),
      input_count_(static_cast<size_t>(rows * input.elements())),
      output_count_(static_cast<size_t>(rows * layer.output().elements())),
      input_(BufferOf(Uniform(rows * input.elements(), 1))),
      output_(output_count_ * sizeof(float)),
      output_gradient_(BufferOf(Uniform(rows * layer.output().elements(), 2))),
      input_gradient_(BufferOf(Values(input_count_, kBefore))),
      workspace_(layer.WorkspaceBytes(rows)) {
  for (float& value : this->input()) value *= 3;
  LayerBinding binding;
  binding.rows = rows;
  binding.training = options.training;
  binding.name_hash = options.name_hash;
  binding.inputs = {TensorOf(input_, input.WithRows(rows))};
  binding.output = TensorOf(output_, layer.output().WithRows(rows));
  binding.output_gradient = TensorOf(output_gradient_, layer.output().WithRows(rows));
  binding.input_gradients = {
      options.input_gradient ? TensorOf(input_gradient_, input.WithRows(rows)) : Tensor()};
  binding.add_input_gradient = {options.add_input_gradient};
  for (size_t i = 0; i < specs_.size(); ++i) {
    const int64_t count = specs_[i].shape.elements();
    parameters_.push_back(BufferOf(Uniform(count, static_cast<uint32_t>(10 + i))));
    parameter_gradients_.push_back(BufferOf(Values(static_cast<size_t>(count), kBefore)));
    binding.parameters.push_back(TensorOf(parameters_[i], specs_[i].shape));
    binding.parameter_gradients.push_back(
        options.frozen ? Tensor() : TensorOf(parameter_gradients_[i], specs_[i].shape));
  }
  if (workspace_.size() > 0) {
    binding.workspace =
        Tensor(workspace_.data(), DType::kUint8, Shape{static_cast<int64_t>(workspace_.size())});
  }
  bound_ = layer.BindCpu(binding);
}

std::span<float> LayerRun::parameter(size_t index) const {
  return parameters_[index].As<float>().first(static_cast<size_t>(specs_[index].shape.elements()));
}

std::span<float> LayerRun::parameter_gradient(size_t index) const {
  return parameter_gradients_[index].As<float>().first(
      static_cast<size_t>(specs_[index].shape.elements()));
}

std::vector<Doubles> NumericalGradients(const Reference& reference, int64_t rows, const Doubles& x,
                                        const std::vector<Doubles>& parameters,
                                        const Doubles& weights) {
  // The error of central differences is of order eps^2 + 1e-16 / eps: about 1e-10 at 1e-5, far
  // below float32's rounding.
  constexpr double kStep = 1e-5;
  std::vector<Doubles> arguments = {x};
  arguments.insert(arguments.end(), parameters.begin(), parameters.end());
  const auto evaluate = [&] {
    const std::vector<Doubles> changed(arguments.begin() + 1, arguments.end());
    return WeightedSum(reference(rows, arguments[0], changed), weights);
  };
  std::vector<Doubles> gradients;
  for (Doubles& argument : arguments) {
    Doubles gradient(argument.size());
    for (size_t i = 0; i < argument.size(); ++i) {
      const double value = argument[i];
      argument[i] = value + kStep;
      const double above = evaluate();
      argument[i] = value - kStep;
      const double below = evaluate();
      argument[i] = value;
      gradient[i] = (above - below) / (2 * kStep);
    }
    gradients.push_back(std::move(gradient));
  }
  return gradients;
}

Doubles ToDouble(std::span<const float> values) { return {values.begin(), values.end()}; }

double RelativeError(std::span<const float> actual, const Doubles& expected, double before) {
  double largest = 1;
  double error = actual.size() == expected.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double difference = std::abs(static_cast<double>(actual[i]) - before - expected[i]);
    error = std::isnan(difference) ? INFINITY : std::max(error, difference);
  }
  return error / largest;
}

}  // namespace seve::testing
