#include "data/toys/registry.h"

#include <vector>

#include "base/error.h"
#include "data/toys/curve.h"
#include "data/toys/regression.h"
#include "data/toys/spirals.h"

namespace seve {
namespace {

CurveFunction FunctionOf(config::CurveFunction function) {
  switch (function) {
    case config::SINE:
      return CurveFunction::kSine;
    case config::STEP:
      return CurveFunction::kStep;
    case config::BUMP:
      return CurveFunction::kBump;
    case config::DAMPED_SINE:
      return CurveFunction::kDampedSine;
  }
  Check(false, "a curve that is missing from the registry");
  return CurveFunction::kSine;
}

}  // namespace

DataSets OpenSpirals(const config::Spirals& spirals) {
  return MakeSpirals({.samples = spirals.samples(),
                      .test = spirals.test(),
                      .noise = spirals.noise(),
                      .turns = spirals.turns(),
                      .seed = spirals.seed()});
}

DataSets OpenPoints(const config::Points& points) {
  std::vector<float> inputs, targets;
  for (const auto& point : points.point()) {
    inputs.insert(inputs.end(), point.input().begin(), point.input().end());
    targets.insert(targets.end(), point.target().begin(), point.target().end());
  }
  return MakeRegression(inputs, targets, points.point_size(), "points of the configuration");
}

DataSets OpenCurve(const config::Curve& curve) {
  return MakeCurve({.function = FunctionOf(curve.function()),
                    .samples = curve.samples(),
                    .low = curve.low(),
                    .high = curve.high(),
                    .noise = curve.noise(),
                    .seed = curve.seed()});
}

}  // namespace seve
