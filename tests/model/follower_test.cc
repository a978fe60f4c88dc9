// Layers that follow others through a plan give the same bits.
#include <gtest/gtest.h>

#include <cstring>

#include "layers/cpu/gemm.h"
#include "model/plan.h"
#include "model/small_data.h"

namespace seve {
namespace {

constexpr int64_t kRows = 8;

// Several samples at a time go through these convolutions: two pieces, or four, a batch. In "short"
// the convolution adds its input's gradient where its norm keeps that of the sum.
constexpr const char* kResidual = R"(
layer { name: "picture" reshape { shape: [16, 32, 32] } }
layer { name: "stem" conv2d { channels: 16 kernel: 3 padding: 1 norm: BATCH activation: RELU } }
layer { name: "short" residual { layer { conv2d { channels: 16 kernel: 3 padding: 1 norm: BATCH } } } }
layer { name: "a" residual { activation: RELU
  layer { name: "one" conv2d { channels: 10 kernel: 3 padding: 1 norm: BATCH activation: GELU } }
  layer { name: "two" conv2d { channels: 16 kernel: 3 padding: 1 bias: false norm: BATCH } } } }
layer { name: "b" residual { activation: TANH
  layer { name: "one" conv2d { channels: 32 kernel: 3 padding: 1 stride: 2 norm: BATCH } }
  shortcut { name: "one" conv2d { channels: 32 kernel: 1 stride: 2 norm: BATCH } } } }
layer { global_pool {} }
layer { name: "scores" linear { units: 3 } }
)";

struct Trained {
  std::vector<float> gradients;
  double loss;
  size_t bytes;
  size_t followed;
};

Trained RunOnce(const std::string& more, PlanPasses passes) {
  UseComputeThreads(1);
  const SmallData data(kRows, 16 * 32 * 32, 3);
  const auto configuration = SmallConfiguration(kResidual, more);
  const auto graph = BuildGraph(configuration, data.Fields(), data.classes());
  const auto layout = LayOutParameters(graph, configuration, 0);
  ParameterArena parameters(layout);
  parameters.Initialize(3);
  const Buffer gradient_memory(GradientArena::FloatsFor(layout) * sizeof(float));
  GradientArena gradients(layout, gradient_memory.As<float>());
  const auto plan_layout =
      LayOutPlan(graph, layout, kRows, PlanMode::kTraining, DType::kFloat32, passes);
  const Buffer memory(plan_layout.bytes);
  Plan plan(graph, layout, plan_layout, parameters, &gradients, memory.data());
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < kRows; ++i) indices.push_back(i);
  double loss = 0;
  for (const bool accumulate : {false, true}) {
    data.Gather(indices, plan.inputs());
    const StepContext context = {.seed = 5, .accumulate = accumulate};
    loss += plan.Forward(context).loss;
    plan.Backward(context, [](int) {});
  }
  const auto& followed = plan_layout.followed;
  return {{gradients.all().begin(), gradients.all().end()},
          loss,
          plan_layout.bytes,
          static_cast<size_t>(std::ranges::count(followed, true))};
}

void ExpectTheSameBits(const std::string& more) {
  const Trained whole = RunOnce(more, PlanPasses::kWhole);
  const Trained following = RunOnce(more, PlanPasses::kFollowing);
  EXPECT_EQ(whole.followed, 0u);
  EXPECT_EQ(following.followed, 5u);  // not "b/one": its norm adds the shortcut's output
  EXPECT_LE(following.bytes, whole.bytes);
  EXPECT_EQ(following.loss, whole.loss);
  ASSERT_EQ(following.gradients.size(), whole.gradients.size());
  EXPECT_EQ(std::memcmp(following.gradients.data(), whole.gradients.data(),
                        whole.gradients.size() * sizeof(float)),
            0);
}

TEST(Followers, GiveTheSameBits) { ExpectTheSameBits(""); }

TEST(Followers, GiveThemWhereThingsAreFrozen) {
  ExpectTheSameBits("parameters { match: \"stem*\" frozen: true }");
  ExpectTheSameBits("parameters { match: \"a/*running*\" frozen: true }");
  ExpectTheSameBits("parameters { match: \"a/two.weight\" frozen: true }");
}

}  // namespace
}  // namespace seve
