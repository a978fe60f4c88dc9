#include "layers/dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "layers/layer_testing.h"

namespace seve::testing {
namespace {

constexpr StepContext kContext = {.seed = 5, .epoch = 3, .position = 1000};

// Inputs of 1, so that the output shows the mask.
LayerRun Ones(const Dropout& layer, const Shape& shape, int64_t rows,
              const RunOptions& options = {}) {
  LayerRun run(layer, {shape}, rows, options);
  std::ranges::fill(run.input(), 1.0f);
  return run;
}

TEST(Dropout, DropsTheShareItIsToldTo) {
  for (const float rate : {0.1f, 0.5f, 0.8f}) {
    const Dropout layer(rate, {250});
    LayerRun run = Ones(layer, {250}, 400);
    run.Forward(kContext);
    const double count = 100000;
    const auto dropped = static_cast<double>(std::ranges::count(run.output(), 0.0f));
    const double deviation =
        std::sqrt(count * static_cast<double>(rate) * (1 - static_cast<double>(rate)));
    EXPECT_NEAR(dropped, count * static_cast<double>(rate), 5 * deviation);
  }
}

TEST(Dropout, DividesWhatItKeeps) {
  const Dropout layer(0.25f, {101});
  LayerRun run = Ones(layer, {101}, 3);
  run.Forward(kContext);
  for (const float value : run.output()) EXPECT_TRUE(value == 0 || value == 1 / 0.75f) << value;
}

TEST(Dropout, FollowsItsDocumentedDraws) {
  const Dropout layer(0.5f, {10});
  LayerRun run = Ones(layer, {10}, 2, {.name_hash = NameHash("drop")});
  const StepContext context = {.seed = 9, .epoch = 4, .position = (int64_t{7} << 32) + 6};
  run.Forward(context);
  const Philox random = RandomStream(9, RandomPurpose::kDropout, NameHash("drop"));
  for (uint32_t row = 0; row < 2; ++row) {
    for (uint32_t element = 0; element < 10; ++element) {
      const float draw = UnitFloat(random(4, 6 + row, 7, element / 4)[element % 4]);
      EXPECT_EQ(run.output()[row * 10 + element], draw < 0.5f ? 0.0f : 2.0f);
    }
  }
}

// 1030 elements: more than one run of draws, and an odd end.
TEST(Dropout, MaskOfASampleDoesNotDependOnItsMicroBatch) {
  constexpr int64_t kElements = 1030;
  const Dropout layer(0.5f, {kElements});
  LayerRun whole = Ones(layer, {kElements}, 6);
  whole.Forward(kContext);
  LayerRun part = Ones(layer, {kElements}, 2);
  part.Forward({.seed = kContext.seed, .epoch = kContext.epoch, .position = kContext.position + 3});
  EXPECT_TRUE(
      std::ranges::equal(part.output(), whole.output().subspan(3 * kElements, 2 * kElements)));
}

TEST(Dropout, MaskChangesWithSeedEpochPositionAndName) {
  const Dropout layer(0.5f, {64});
  const auto mask = [&](const StepContext& context, uint64_t name) {
    LayerRun run = Ones(layer, {64}, 1, {.name_hash = name});
    run.Forward(context);
    return Values(run.output().begin(), run.output().end());
  };
  const auto base = mask({.seed = 1, .epoch = 1, .position = 1}, 1);
  EXPECT_EQ(base, mask({.seed = 1, .epoch = 1, .position = 1}, 1));
  EXPECT_NE(base, mask({.seed = 2, .epoch = 1, .position = 1}, 1));
  EXPECT_NE(base, mask({.seed = 1, .epoch = 2, .position = 1}, 1));
  EXPECT_NE(base, mask({.seed = 1, .epoch = 1, .position = 2}, 1));
  EXPECT_NE(base, mask({.seed = 1, .epoch = 1, .position = 1}, 2));
}

TEST(Dropout, GradientPassesWhereTheValueDid) {
  const Dropout layer(0.4f, {37});
  for (const bool add : {false, true}) {
    LayerRun run(layer, {Shape{37}}, 3, {.add_input_gradient = add});
    run.Forward(kContext);
    run.Backward(kContext);
    const float before = add ? LayerRun::kBefore : 0;
    for (size_t i = 0; i < run.output().size(); ++i) {
      const float passed = run.output()[i] == 0 ? 0 : run.output_gradient()[i] * (1 / (1 - 0.4f));
      EXPECT_FLOAT_EQ(run.input_gradient()[i], before + passed);
    }
  }
}

// Channel c of a sample goes by the draw that value c of a vector would have.
TEST(Dropout, DropsWholeChannels) {
  constexpr int64_t kChannels = 300, kRows = 3;
  const Dropout vectors(0.4f, {kChannels});
  LayerRun of_vectors = Ones(vectors, {kChannels}, kRows);
  of_vectors.Forward(kContext);
  for (const Shape& shape : {Shape{kChannels, 2, 3}, {kChannels, 7}}) {
    const Dropout layer(0.4f, shape, true);
    EXPECT_EQ(layer.WorkspaceBytes(kRows), kRows * kChannels);
    const int64_t each = shape.elements(), share = shape.rank() == 3 ? 1 : 7;
    for (const bool add : {false, true}) {
      LayerRun run = Ones(layer, shape, kRows, {.add_input_gradient = add});
      run.Forward(kContext);
      run.Backward(kContext);
      for (int64_t i = 0; i < kRows * each; ++i) {
        const auto at = static_cast<size_t>(i);
        const int64_t channel = i % each / share % kChannels;
        const float factor =
            of_vectors.output()[static_cast<size_t>(i / each * kChannels + channel)];
        ASSERT_EQ(run.output()[at], factor) << i;
        const float before = add ? LayerRun::kBefore : 0;
        // Of sums of either sign, rounded once or twice.
        ASSERT_NEAR(run.input_gradient()[at], before + factor * run.output_gradient()[at], 1e-6);
      }
    }
  }
}

TEST(Dropout, PerChannelOfAVectorIsPerValue) {
  LayerRun channels(Dropout(0.5f, {33}, true), {Shape{33}}, 3);
  LayerRun values(Dropout(0.5f, {33}), {Shape{33}}, 3);
  channels.Forward(kContext);
  values.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(channels.output(), values.output()));
}

TEST(Dropout, IsTheIdentityInEvaluation) {
  const Dropout layer(0.5f, {33});
  LayerRun run(layer, {Shape{33}}, 3, {.training = false});
  run.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(run.output(), run.input()));
}

TEST(Dropout, AtRateZeroKeepsAllAndAtOneNone) {
  LayerRun all(Dropout(0, {33}), {Shape{33}}, 3);
  all.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(all.output(), all.input()));
  LayerRun none(Dropout(1, {33}), {Shape{33}}, 3);
  none.Forward(kContext);
  EXPECT_EQ(std::ranges::count(none.output(), 0.0f), 99);
}

}  // namespace
}  // namespace seve::testing
