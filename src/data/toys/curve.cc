#include "data/toys/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "data/draws.h"
#include "data/toys/regression.h"

namespace seve {
namespace {

const char* NameOf(CurveFunction function) {
  switch (function) {
    case CurveFunction::kSine:
      return "sine";
    case CurveFunction::kStep:
      return "step";
    case CurveFunction::kBump:
      return "bump";
    case CurveFunction::kDampedSine:
      return "damped sine";
  }
  return "?";
}

}  // namespace

double CurveValue(CurveFunction function, double x) {
  switch (function) {
    case CurveFunction::kSine:
      return std::sin(std::numbers::pi * x);
    case CurveFunction::kStep:
      return x < 0 ? 0 : 1;
    case CurveFunction::kBump:
      return std::exp(-x * x);
    case CurveFunction::kDampedSine:
      return std::exp(-std::abs(x) / 2) * std::sin(2 * std::numbers::pi * x);
  }
  return 0;
}

DataSets MakeCurve(const CurveOptions& options) {
  const Philox stream = RandomStream(options.seed, RandomPurpose::kGeneratedData);
  const double distance =
      (options.high - options.low) / static_cast<double>(std::max<int64_t>(options.samples - 1, 1));
  std::vector<float> inputs, targets;
  for (int64_t i = 0; i < options.samples; ++i) {
    Draws draws(stream, i);
    const double x = options.low + distance * static_cast<double>(i);
    inputs.push_back(static_cast<float>(x));
    targets.push_back(static_cast<float>(CurveValue(options.function, x)) +
                      draws.Normal(options.noise));
  }
  return MakeRegression(
      inputs, targets, options.samples,
      fmt::format("{} from {:g} to {:g}", NameOf(options.function), options.low, options.high));
}

}  // namespace seve
