#include "model/penalty.h"

#include "base/lane_sum.h"
#include "model/penalty_terms.h"

namespace seve {

Penalty::Penalty(const ParameterLayout& layout) {
  for (const auto& parameter : layout.parameters) {
    if (!parameter.Learns() || (parameter.l1 == 0 && parameter.l2 == 0)) continue;
    const size_t end = parameter.offset + parameter.count;
    runs_.push_back({parameter.offset, end, parameter.l1, parameter.l2});
  }
}

double Penalty::Value(const ParameterArena& parameters) const {
  double sum = 0;
  for (const auto& run : runs_) {
    const float* w = parameters.trainable().data() + run.begin;
    const PenaltyTerm term = {.l1 = run.l1, .half_l2 = 0.5 * static_cast<double>(run.l2)};
    sum +=
        LaneSum(static_cast<int64_t>(run.end - run.begin), [=](int64_t i) { return term(w[i]); });
  }
  return sum;
}

void Penalty::AddGradient(const ParameterArena& parameters, std::span<float> gradients,
                          double scale) const {
  for (const auto& run : runs_) {
    const float* __restrict w = parameters.trainable().data();
    float* __restrict gradient = gradients.data();
    const PenaltySlope slope = {.l1 = static_cast<float>(scale * run.l1),
                                .l2 = static_cast<float>(scale * run.l2)};
    for (size_t i = run.begin; i < run.end; ++i) gradient[i] += slope(w[i]);
  }
}

}  // namespace seve
