#include "model/penalty.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/small_data.h"

namespace seve {
namespace {

constexpr const char* kLayers =
    "layer { name: \"hidden\" linear { units: 5 } }\n"
    "layer { name: \"scores\" linear { units: 3 } }";

struct Fixture {
  explicit Fixture(const std::string& more)
      : configuration(SmallConfiguration(kLayers, more)),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0)),
        parameters(layout),
        penalty(layout) {
    parameters.Initialize(5);
  }

  [[nodiscard]] std::span<float> Of(const std::string& name) const {
    for (const auto& parameter : layout.parameters) {
      if (parameter.name == name) return parameters.At(parameter).Flat<float>();
    }
    throw std::runtime_error("no parameter " + name);
  }

  SmallData data{10, 6, 3};
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  ParameterArena parameters;
  Penalty penalty;
};

double Expected(std::span<const float> values, double l1, double l2) {
  double sum = 0;
  for (const double w : values) sum += l1 * std::abs(w) + l2 / 2 * w * w;
  return sum;
}

constexpr const char* kTwo =
    "penalty { l1: 0.25 l2: 0.5 }\npenalty { match: \"*.weight\" l2: 2 }\n"
    "parameters { match: \"hidden.bias\" frozen: true }";

TEST(Penalty, AddsUpAbsoluteValuesAndHalfSquaresOfWhatIsTrained) {
  const Fixture fixture(kTwo);
  const double expected = Expected(fixture.Of("hidden.weight"), 0.25, 2.5) +
                          Expected(fixture.Of("scores.weight"), 0.25, 2.5) +
                          Expected(fixture.Of("scores.bias"), 0.25, 0.5);
  EXPECT_NEAR(fixture.penalty.Value(fixture.parameters), expected, 1e-12);
}

TEST(Penalty, GradientAgreesWithDifferencesAndIsAdded) {
  const Fixture fixture(kTwo);
  const auto w = fixture.parameters.trainable();
  std::vector<float> gradient(w.size(), 1.0f);
  fixture.penalty.AddGradient(fixture.parameters, gradient, 12);
  for (size_t i = 0; i < w.size(); ++i) {
    if (w[i] == 0) continue;  // padding
    constexpr float kStep = 1e-3f;
    const float before = w[i];
    if (std::abs(before) < 2 * kStep) continue;  // beside the corner of |w|
    w[i] = before + kStep;
    const double above = fixture.penalty.Value(fixture.parameters), high = w[i];
    w[i] = before - kStep;
    const double below = fixture.penalty.Value(fixture.parameters), low = w[i];
    w[i] = before;
    // Both terms are at most quadratic, so differences are exact but for float64 rounding; the
    // gradient has FP32's.
    EXPECT_NEAR(gradient[i], 1 + 12 * (above - below) / (high - low), 1e-5) << i;
  }
}

TEST(Penalty, IsFlatAtZero) {
  const Fixture fixture("penalty { l1: 3 l2: 1 }");
  std::ranges::fill(fixture.parameters.trainable(), 0.0f);
  std::vector<float> gradient(fixture.layout.trainable_floats, 0.5f);
  fixture.penalty.AddGradient(fixture.parameters, gradient, 7);
  for (const float value : gradient) EXPECT_EQ(value, 0.5f);
}

TEST(Penalty, AbsentItChangesNothing) {
  const Fixture fixture("");
  EXPECT_EQ(fixture.penalty.Value(fixture.parameters), 0);
  std::vector<float> gradient(fixture.layout.trainable_floats, 0.5f);
  fixture.penalty.AddGradient(fixture.parameters, gradient, 7);
  for (const float value : gradient) EXPECT_EQ(value, 0.5f);
}

}  // namespace
}  // namespace seve
