#include "model/plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "model/small_data.h"

namespace seve {
namespace {

// A model, its memory and one batch, on one rank.
struct Fixture {
  Fixture(const std::string& layers, const std::string& more, int64_t rows)
      : data(rows, 6, 3),
        configuration(SmallConfiguration(layers, more)),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0)),
        parameters(layout),
        gradient_memory(GradientArena::FloatsFor(layout) * sizeof(float)),
        gradients(layout, gradient_memory.As<float>()),
        plan_layout(LayOutPlan(graph, layout, rows, PlanMode::kTraining)),
        memory(plan_layout.bytes),
        plan(graph, layout, plan_layout, parameters, &gradients, memory.data()) {
    parameters.Initialize(3);
    std::vector<int64_t> indices;
    for (int64_t i = 0; i < rows; ++i) indices.push_back(i);
    data.Gather(indices, plan.inputs());
  }

  double LossAt() {
    std::vector<int64_t> indices;
    for (int64_t i = 0; i < plan.rows(); ++i) indices.push_back(i);
    data.Gather(indices, plan.inputs());  // backward may have reused the inputs' memory
    return plan.Forward(context).loss;
  }

  SmallData data;
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  ParameterArena parameters;
  Buffer gradient_memory;
  GradientArena gradients;
  PlanLayout plan_layout;
  Buffer memory;
  Plan plan;
  StepContext context{.seed = 5};
};

void ExpectGradientsMatchDifferences(Fixture& fixture) {
  fixture.plan.Forward(fixture.context);
  fixture.plan.Backward(fixture.context, [](int) {});
  const std::vector<float> analytic(fixture.gradients.gradients().begin(),
                                    fixture.gradients.gradients().end());
  constexpr float kStep = 1e-2f;
  for (const auto& parameter : fixture.layout.parameters) {
    if (parameter.frozen) continue;
    for (size_t i = 0; i < parameter.count; ++i) {
      float& value = fixture.parameters.trainable()[parameter.offset + i];
      const float before = value;
      value = before + kStep;
      const double above = fixture.LossAt();
      value = before - kStep;
      const double below = fixture.LossAt();
      value = before;
      // Smooth activations: the truncation error is O(step^2) = 1e-4 of third derivatives of order
      // 1; FP32 rounding of the loss, about 1e-6, divided by the step adds as much.
      EXPECT_NEAR(analytic[parameter.offset + i], (above - below) / (2 * kStep), 2e-3)
          << parameter.name << "[" << i << "]";
    }
  }
}

TEST(Plan, BackwardOfAChainMatchesDifferences) {
  Fixture fixture(
      "layer { linear { units: 5 activation: TANH } }\nlayer { gelu {} }\n"
      "layer { linear { units: 3 } }",
      "", 7);
  ExpectGradientsMatchDifferences(fixture);
}

TEST(Plan, GradientsOfBranchesAndSeveralLossesAddUp) {
  Fixture fixture(
      "layer { name: \"trunk\" linear { units: 5 activation: TANH } }\n"
      "layer { name: \"a\" input: \"trunk\" linear { units: 3 } }\n"
      "layer { name: \"s\" input: \"trunk\" sigmoid {} }\n"
      "layer { name: \"b\" input: \"s\" linear { units: 3 } }",
      "loss { input: \"a\" cross_entropy {} }\n"
      "loss { input: \"b\" weight: 0.5 cross_entropy {} }\n"
      "loss { input: \"a\" weight: 0.25 mean_squared_error {} }",
      5);
  ExpectGradientsMatchDifferences(fixture);
}

TEST(Plan, AClassifierAndAnAutoencoderShareATrunk) {
  const std::string layers =
      "layer { name: \"trunk\" linear { units: 4 activation: TANH } }\n"
      "layer { name: \"scores\" linear { units: 3 } }\n"
      "layer { name: \"again\" input: \"trunk\" linear { units: 6 } }\n"
      "layer { name: \"picture\" reshape { shape: [2, 3] } }";
  const auto losses = [](const std::string& classify, const std::string& restore) {
    return "loss { input: \"scores\" weight: " + classify +
           " cross_entropy { label_smoothing: 0.1 } }\nloss { input: \"picture\" target: "
           "\"input\" weight: " +
           restore + " mean_squared_error {} }";
  };
  Fixture both(layers, losses("2", "0.5"), 5);
  ExpectGradientsMatchDifferences(both);
  const LossSums sums = both.plan.Forward(both.context);
  EXPECT_EQ(sums.weight, 5);
  EXPECT_EQ(both.plan.scores().shape(), (Shape{5, 3}));  // of the first loss

  const auto gradient_of = [&](const std::string& classify, const std::string& restore) {
    Fixture fixture(layers, losses(classify, restore), 5);
    fixture.plan.Forward(fixture.context);
    fixture.plan.Backward(fixture.context, [](int) {});
    return std::vector<float>(fixture.gradients.gradients().begin(),
                              fixture.gradients.gradients().end());
  };
  const auto all = gradient_of("2", "0.5");
  const auto first = gradient_of("1", "0"), second = gradient_of("0", "1");
  // The same terms of order 1, added in another order.
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_NEAR(all[i], 2 * first[i] + 0.5f * second[i], 4e-6);
  }
}

TEST(Plan, GradientsOfJoinsReachEveryInput) {
  Fixture fixture(
      "layer { name: \"a\" linear { units: 6 activation: TANH } }\n"
      "layer { name: \"residual\" input: \"a\" input: \"input\" add {} }\n"
      "layer { name: \"twice\" input: \"a\" input: \"residual\" input: \"a\" add {} }\n"
      "layer { name: \"square\" reshape { shape: [2, 3] } }\n"
      "layer { name: \"other\" input: \"residual\" reshape { shape: [2, 3] } }\n"
      "layer { name: \"all\" input: [\"square\", \"other\", \"square\"] concatenate {} }\n"
      "layer { flatten {} }\n"
      "layer { linear { units: 3 } }",
      "", 5);
  ExpectGradientsMatchDifferences(fixture);
}

TEST(Plan, FrozenLayersPassGradientsOn) {
  Fixture fixture(
      "layer { name: \"first\" linear { units: 4 activation: TANH } }\n"
      "layer { name: \"middle\" linear { units: 4 activation: SIGMOID } }\n"
      "layer { linear { units: 3 } }",
      "parameters { match: \"middle.*\" frozen: true }", 3);
  ExpectGradientsMatchDifferences(fixture);
}

TEST(Plan, NothingRunsBackwardBelowTheFirstLayerThatLearns) {
  Fixture fixture(
      "layer { name: \"first\" linear { units: 4 activation: TANH } }\n"
      "layer { name: \"scores\" linear { units: 3 } }",
      "parameters { match: \"first.*\" frozen: true }", 3);
  std::vector<int> done;
  fixture.plan.Forward(fixture.context);
  fixture.plan.Backward(fixture.context, [&](int node) { done.push_back(node); });
  EXPECT_EQ(done, (std::vector<int>{1}));
}

TEST(Plan, MicroBatchesAddUpToTheWholeBatch) {
  Fixture whole("layer { linear { units: 3 } }", "", 6);
  whole.plan.Forward(whole.context);
  whole.plan.Backward(whole.context, [](int) {});

  Fixture part("layer { linear { units: 3 } }", "", 3);
  for (const int64_t start : {0, 3}) {
    const std::vector<int64_t> indices{start, start + 1, start + 2};
    part.data.Gather(indices, part.plan.inputs());
    const StepContext context{.seed = 5, .position = start, .accumulate = start > 0};
    part.plan.Forward(context);
    part.plan.Backward(context, [](int) {});
  }
  for (size_t i = 0; i < whole.gradients.gradients().size(); ++i) {
    // Two orders of adding six FP32 terms of order 1.
    EXPECT_NEAR(whole.gradients.gradients()[i], part.gradients.gradients()[i], 2e-6);
  }
}

TEST(Plan, NamesTheFirstLayerWithANonFiniteOutput) {
  Fixture fixture(
      "layer { name: \"a\" linear { units: 4 } }\nlayer { name: \"b\" linear { units: 4 } }\n"
      "layer { name: \"c\" linear { units: 3 } }",
      "", 2);
  fixture.plan.Forward(fixture.context);
  EXPECT_EQ(fixture.plan.FirstNonFiniteLayer(), "");
  for (const auto& parameter : fixture.layout.parameters) {
    if (parameter.name != "b.bias") continue;
    fixture.parameters.At(parameter).Flat<float>()[1] = std::numeric_limits<float>::infinity();
  }
  EXPECT_FALSE(std::isfinite(fixture.plan.Forward(fixture.context).loss));
  EXPECT_EQ(fixture.plan.FirstNonFiniteLayer(), "b");
}

}  // namespace
}  // namespace seve
