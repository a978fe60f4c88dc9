#include "layers/layer_testing.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"

namespace seve::testing {
namespace {

Memory Random(const Shape& shape, uint32_t stream) {
  return {Uniform(shape.elements(), stream), shape};
}

Memory Filled(const Shape& shape) {
  return {Values(static_cast<size_t>(shape.elements()), LayerRun::kBefore), shape};
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

Memory::Memory(const Values& values, Shape shape)
    : shape_(std::move(shape)), count_(values.size()), buffer_(values.size() * sizeof(float)) {
  std::ranges::copy(values, buffer_.As<float>().begin());
}

LayerRun::LayerRun(const Layer& layer, const std::vector<Shape>& inputs, int64_t rows,
                   const RunOptions& options)
    : output_(Random(layer.output().WithRows(rows), 3)),
      output_gradient_(Random(layer.output().WithRows(rows), 2)),
      workspace_(layer.WorkspaceBytes(rows)) {
  LayerBinding binding;
  binding.rows = rows;
  binding.training = options.training;
  binding.name_hash = options.name_hash;
  binding.output = output_.tensor();
  binding.output_gradient = output_gradient_.tensor();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Shape shape = inputs[i].WithRows(rows);
    inputs_.push_back(Random(shape, i == 0 ? 1 : static_cast<uint32_t>(100 + i)));
    for (float& value : input(i)) value *= 3;
    input_gradients_.push_back(Filled(shape));
    binding.inputs.push_back(inputs_[i].tensor());
    binding.input_gradients.push_back(options.input_gradient ? input_gradients_[i].tensor()
                                                             : Tensor());
    binding.add_input_gradient.push_back(options.add_input_gradient);
  }
  for (const auto& spec : layer.Parameters()) {
    const bool statistic = spec.role == ParameterRole::kStatistic;
    parameters_.push_back(Random(spec.shape, static_cast<uint32_t>(10 + parameters_.size())));
    for (float& value : parameters_.back().values()) {
      if (statistic) value += 1.5f;
    }
    parameter_gradients_.push_back(Filled(spec.shape));
    binding.parameters.push_back(parameters_.back().tensor());
    const bool frozen = options.frozen || (statistic && options.frozen_statistics);
    binding.parameter_gradients.push_back(frozen ? Tensor() : parameter_gradients_.back().tensor());
  }
  if (workspace_.size() > 0) {
    binding.workspace =
        Tensor(workspace_.data(), DType::kUint8, Shape{static_cast<int64_t>(workspace_.size())});
  }
  bound_ = layer.BindCpu(binding);
}

std::vector<Doubles> NumericalGradients(const Reference& reference, int64_t rows,
                                        const std::vector<Doubles>& inputs,
                                        const std::vector<Doubles>& parameters,
                                        const Doubles& weights) {
  // The error of central differences is of order eps^2 + 1e-16 / eps: about 1e-10 at 1e-5, far
  // below float32's rounding.
  constexpr double kStep = 1e-5;
  std::vector<Doubles> x = inputs, w = parameters, gradients;
  const auto evaluate = [&] { return WeightedSum(reference(rows, x, w), weights); };
  for (auto* arguments : {&x, &w}) {
    for (Doubles& argument : *arguments) {
      Doubles& gradient = gradients.emplace_back(argument.size());
      for (size_t i = 0; i < argument.size(); ++i) {
        const double value = argument[i];
        argument[i] = value + kStep;
        const double above = evaluate();
        argument[i] = value - kStep;
        const double below = evaluate();
        argument[i] = value;
        gradient[i] = (above - below) / (2 * kStep);
      }
    }
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
