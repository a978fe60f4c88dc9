#include "layers/norm_cases_testing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "layers/batch_norm.h"
#include "layers/sample_norm.h"

namespace seve::testing {
namespace {

constexpr double kEpsilon = 1e-3;

double Value(ActivationKind kind, double z) {
  switch (kind) {
    case ActivationKind::kRelu:
      return std::max(0.0, z);
    case ActivationKind::kTanh:
      return std::tanh(z);
    case ActivationKind::kGelu:
      return 0.5 * z * std::erfc(-z / std::numbers::sqrt2);
    default:
      return z;
  }
}

// Which values of all samples have one mean, and which one gain: a number for each, in the order in
// which they lie.
struct Membership {
  std::vector<size_t> group, parameter;
};

struct Moments {
  double count = 0, mean = 0, squares = 0;
};

std::vector<Moments> MomentsOf(const Doubles& x, const std::vector<size_t>& group) {
  std::vector<Moments> moments(group.empty() ? 0 : std::ranges::max(group) + 1);
  for (size_t i = 0; i < x.size(); ++i) {
    moments[group[i]].count += 1;
    moments[group[i]].mean += x[i];
  }
  for (Moments& own : moments) own.mean /= own.count;
  for (size_t i = 0; i < x.size(); ++i) {
    moments[group[i]].squares += std::pow(x[i] - moments[group[i]].mean, 2);
  }
  return moments;
}

Doubles Normalized(const Doubles& x, const Membership& of, const std::vector<Moments>& moments,
                   const std::vector<Doubles>& parameters, bool affine, ActivationKind kind) {
  Doubles y;
  for (size_t i = 0; i < x.size(); ++i) {
    const Moments& own = moments[of.group[i]];
    double z = (x[i] - own.mean) / std::sqrt(own.squares / own.count + kEpsilon);
    if (affine) z = parameters[0][of.parameter[i]] * z + parameters[1][of.parameter[i]];
    y.push_back(Value(kind, z));
  }
  return y;
}

// Of (rows, pixels, channels).
Membership ByChannel(int64_t rows, const Shape& shape) {
  Membership of;
  for (int64_t i = 0; i < rows * shape.elements(); ++i) {
    of.group.push_back(static_cast<size_t>(i % shape[0]));
  }
  of.parameter = of.group;
  return of;
}

// What becomes of the normalised values: the second input is added, where there is one.
Doubles Finished(Doubles values, const std::vector<Doubles>& inputs, ActivationKind kind) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (inputs.size() > 1) values[i] += inputs[1][i];
    values[i] = Value(kind, values[i]);
  }
  return values;
}

LayerCase BatchNormCase(const std::string& name, const Shape& shape,
                        const BatchNormOptions& options) {
  const bool affine = options.affine;
  const ActivationKind kind = options.activation.kind, none = ActivationKind::kNone;
  const Reference training = [=](int64_t rows, const auto& inputs, const auto& parameters) {
    const Membership of = ByChannel(rows, shape);
    const auto moments = MomentsOf(inputs[0], of.group);
    return Finished(Normalized(inputs[0], of, moments, parameters, affine, none), inputs, kind);
  };
  const Reference evaluation = [=](int64_t rows, const auto& inputs, const auto& parameters) {
    std::vector<Moments> running;
    const size_t first = affine ? 2 : 0;
    for (size_t c = 0; c < parameters[first].size(); ++c) {
      running.push_back({1, parameters[first][c], parameters[first + 1][c]});
    }
    const Membership of = ByChannel(rows, shape);
    return Finished(Normalized(inputs[0], of, running, parameters, affine, none), inputs, kind);
  };
  const Reference statistics = [=](int64_t rows, const auto& inputs, const auto&) {
    Doubles means, variances;
    for (const auto& own : MomentsOf(inputs[0], ByChannel(rows, shape).group)) {
      means.push_back(own.mean * static_cast<double>(rows));
      variances.push_back(own.squares / std::max(own.count - 1, 1.0) * static_cast<double>(rows));
    }
    means.insert(means.end(), variances.begin(), variances.end());
    return means;
  };
  return {name,
          [=] { return std::make_unique<BatchNorm>(options, shape); },
          std::vector<Shape>(options.adds ? 2 : 1, shape),
          training,
          evaluation,
          statistics};
}

// `of`: the group and the parameter of a sample's value i.
LayerCase SampleNormCase(const std::string& name, const Shape& shape, ActivationKind kind,
                         bool affine, std::function<std::unique_ptr<Layer>()> make,
                         std::function<std::pair<int64_t, int64_t>(int64_t)> of, int64_t groups) {
  return {name,
          std::move(make),
          {shape},
          [=](int64_t rows, const auto& inputs, const auto& parameters) {
            Membership all;
            for (int64_t i = 0; i < rows * shape.elements(); ++i) {
              const auto [group, parameter] = of(i % shape.elements());
              all.group.push_back(static_cast<size_t>(i / shape.elements() * groups + group));
              all.parameter.push_back(static_cast<size_t>(parameter));
            }
            return Normalized(inputs[0], all, MomentsOf(inputs[0], all.group), parameters, affine,
                              kind);
          }};
}

LayerCase LayerNormCase(const std::string& name, const Shape& shape, int64_t axes,
                        bool affine = true) {
  int64_t count = 1;
  for (auto i = shape.rank() - static_cast<size_t>(axes); i < shape.rank(); ++i) count *= shape[i];
  return SampleNormCase(
      name, shape, ActivationKind::kNone, affine,
      [=] { return SampleNorm::OverAxes({.epsilon = kEpsilon, .affine = affine}, shape, axes); },
      [=](int64_t i) {
        const int64_t place = i % count;
        if (shape.rank() != 3) return std::pair(i / count, place);
        // Pixels of colours in memory; colours of pixels in the parameters.
        return std::pair(int64_t{0}, place % shape[0] * (count / shape[0]) + place / shape[0]);
      },
      shape.elements() / count);
}

LayerCase GroupNormCase(const std::string& name, const Shape& shape, int64_t groups,
                        Activation activation = {}, bool affine = true) {
  return SampleNormCase(
      name, shape, activation.kind, affine,
      [=] {
        return SampleNorm::OverGroups(
            {.epsilon = kEpsilon, .affine = affine, .activation = activation}, shape, groups);
      },
      [=](int64_t i) {
        const int64_t channel = i % shape[0];
        return std::pair(channel / (shape[0] / groups), channel);
      },
      groups);
}

}  // namespace

std::vector<LayerCase> NormCases() {
  const BatchNormOptions plain = {.epsilon = kEpsilon};
  BatchNormOptions relu = plain, gelu = plain, tanh = plain, bare = plain;
  relu.activation = {ActivationKind::kRelu};
  gelu.activation = {ActivationKind::kGelu};
  tanh.activation = {ActivationKind::kTanh};
  bare.affine = false;
  BatchNormOptions sum = plain, sum_relu = relu, sum_gelu = gelu, sum_tanh = tanh;
  for (auto* adding : {&sum, &sum_relu, &sum_gelu, &sum_tanh}) adding->adds = true;
  sum_relu.affine = false;
  const Activation gelu_alone = {ActivationKind::kGelu};
  return {BatchNormCase("batch_norm_vectors", {7}, plain),
          BatchNormCase("batch_norm_pictures", {3, 4, 5}, plain),
          BatchNormCase("batch_norm_relu", {8, 3, 2}, relu),
          BatchNormCase("batch_norm_gelu", {4, 3, 3}, gelu),
          BatchNormCase("batch_norm_tanh", {5, 3, 3}, tanh),
          BatchNormCase("batch_norm_not_affine", {5, 2, 3}, bare),
          BatchNormCase("batch_norm_sum", {3, 4, 5}, sum),
          BatchNormCase("batch_norm_sum_relu", {8, 3, 2}, sum_relu),
          BatchNormCase("batch_norm_sum_gelu", {4, 3, 3}, sum_gelu),
          BatchNormCase("batch_norm_sum_tanh", {7}, sum_tanh),
          LayerNormCase("layer_norm_vectors", {13}, 1),
          LayerNormCase("layer_norm_last_axis", {4, 6}, 1),
          LayerNormCase("layer_norm_pictures", {3, 4, 2}, 3),
          LayerNormCase("layer_norm_not_affine", {12}, 1, false),
          GroupNormCase("group_norm", {6, 3, 4}, 2),
          GroupNormCase("group_norm_vectors", {12}, 3),
          GroupNormCase("group_norm_gelu", {8, 2, 3}, 8, gelu_alone),
          GroupNormCase("group_norm_not_affine", {4, 3, 3}, 1, {ActivationKind::kRelu}, false)};
}

}  // namespace seve::testing
