#include <gtest/gtest.h>

#include <algorithm>

#include "layers/dropout.h"
#include "layers/layers_cuda_testing.h"

namespace seve::testing {
namespace {

constexpr StepContext kContext = {.seed = 5, .epoch = 3, .position = (int64_t{7} << 32) - 2};

// Samples that are whole packs and others, over a carry of the position's low half.
class CudaDropoutTest : public ::testing::TestWithParam<std::tuple<int64_t, Precision>> {
 protected:
  CudaDropoutTest() : shape_{std::get<0>(GetParam())}, precision_(std::get<1>(GetParam())) {}

  [[nodiscard]] CudaLayerRun Run(float rate, const RunOptions& options = {}) const {
    return {Dropout(rate, shape_), {shape_}, 5, precision_, options, kContext.seed};
  }

  Shape shape_;
  Precision precision_;
};

TEST_P(CudaDropoutTest, DropsWhatTheCpuDrops) {
  for (const bool add : {false, true}) {
    CudaLayerRun run = Run(0.4f, {.add_input_gradient = add});
    run.cpu().Forward(kContext);
    run.Forward(kContext);
    run.cpu().Backward(kContext);
    run.Backward(kContext);
    const Values output = run.output();
    for (size_t i = 0; i < output.size(); ++i) {
      EXPECT_EQ(output[i] == 0, run.cpu().output()[i] == 0) << i;
    }
    // One rounding each to the precision, or none.
    const DType type = ActivationType(precision_);
    Round(run.cpu().output(), type);
    Round(run.cpu().input_gradient(), type);
    EXPECT_TRUE(std::ranges::equal(output, run.cpu().output()));
    EXPECT_TRUE(std::ranges::equal(run.input_gradient(), run.cpu().input_gradient()));
  }
}

TEST_P(CudaDropoutTest, IsTheIdentityInEvaluation) {
  CudaLayerRun run = Run(0.5f, {.training = false});
  run.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().input()));
}

TEST_P(CudaDropoutTest, AtRateZeroKeepsAllAndAtOneNone) {
  CudaLayerRun all = Run(0);
  all.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(all.output(), all.cpu().input()));
  CudaLayerRun none = Run(1);
  none.Forward(kContext);
  for (const float value : none.output()) EXPECT_EQ(value, 0);
}

TEST_P(CudaDropoutTest, FollowsThePlaceFromStepToStep) {
  CudaLayerRun run = Run(0.5f);
  run.Forward(kContext);
  const Values first = run.output();
  StepContext next = kContext;
  next.position += 5;
  run.Forward(next);
  EXPECT_NE(run.output(), first);
  run.cpu().Forward(next);
  Round(run.cpu().output(), ActivationType(precision_));
  EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().output()));
}

INSTANTIATE_TEST_SUITE_P(Sizes, CudaDropoutTest,
                         ::testing::Combine(::testing::Values(1, 37, 64, 1030, 14000),
                                            ::testing::ValuesIn(kPrecisions)),
                         [](const auto& info) {
                           return std::to_string(std::get<0>(info.param)) + "_" +
                                  NameOf(std::get<1>(info.param));
                         });

}  // namespace
}  // namespace seve::testing
