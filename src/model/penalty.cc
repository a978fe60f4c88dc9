#include "model/penalty.h"

#include <cmath>

#include "base/lane_sum.h"

namespace seve {

Penalty::Penalty(const ParameterLayout& layout) {
  for (const auto& parameter : layout.parameters) {
    if (parameter.frozen || (parameter.l1 == 0 && parameter.l2 == 0)) continue;
    const size_t end = parameter.offset + parameter.count;
    runs_.push_back({parameter.offset, end, parameter.l1, parameter.l2});
  }
}

double Penalty::Value(const ParameterArena& parameters) const {
  double sum = 0;
  for (const auto& run : runs_) {
    const float* w = parameters.trainable().data() + run.begin;
    const double l1 = run.l1, half_l2 = 0.5 * static_cast<double>(run.l2);
    sum += LaneSum(static_cast<int64_t>(run.end - run.begin), [=](int64_t i) {
      const auto value = static_cast<double>(w[i]);
      return l1 * std::fabs(value) + half_l2 * value * value;
    });
  }
  return sum;
}

void Penalty::AddGradient(const ParameterArena& parameters, std::span<float> gradients,
                          double scale) const {
  for (const auto& run : runs_) {
    const float* __restrict w = parameters.trainable().data();
    float* __restrict gradient = gradients.data();
    const auto l1 = static_cast<float>(scale * run.l1);
    const auto l2 = static_cast<float>(scale * run.l2);
    for (size_t i = run.begin; i < run.end; ++i) {
      const float up = w[i] > 0 ? l1 : 0.0f, down = w[i] < 0 ? l1 : 0.0f;
      gradient[i] += up - down + l2 * w[i];
    }
  }
}

}  // namespace seve
