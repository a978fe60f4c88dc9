#include <gtest/gtest.h>

#include <algorithm>

#include "layers/dropout.h"
#include "layers/layers_cuda_testing.h"

namespace seve::testing {
namespace {

constexpr StepContext kContext = {.seed = 5, .epoch = 3, .position = (int64_t{7} << 32) - 2};

// Samples that are whole packs and others, over a carry of the position's low half.
class CudaDropoutTest : public CudaTest, public ::testing::WithParamInterface<int64_t> {
 protected:
  [[nodiscard]] CudaLayerRun Run(float rate, Precision precision,
                                 const RunOptions& options = {}) const {
    return {Dropout(rate, shape_), {shape_}, 5, device(), precision, options, kContext.seed};
  }

  Shape shape_ = {GetParam()};
};

// One rounding each to the precision, or none.
TEST_P(CudaDropoutTest, HasTheBitsOfTheCpu) {
  for (const Precision precision : kPrecisions) {
    for (const bool add : {false, true}) {
      CudaLayerRun run = Run(0.4f, precision, {.add_input_gradient = add});
      run.cpu().Forward(kContext);
      run.Forward(kContext);
      run.cpu().Backward(kContext);
      run.Backward(kContext);
      Round(run.cpu().output(), ActivationType(precision));
      Round(run.cpu().input_gradient(), ActivationType(precision));
      EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().output()));
      EXPECT_TRUE(std::ranges::equal(run.input_gradient(), run.cpu().input_gradient()));
    }
  }
}

TEST_P(CudaDropoutTest, IsTheIdentityInEvaluation) {
  for (const Precision precision : kPrecisions) {
    CudaLayerRun run = Run(0.5f, precision, {.training = false});
    run.Forward(kContext);
    EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().input()));
  }
}

TEST_P(CudaDropoutTest, AtRateZeroKeepsAllAndAtOneNone) {
  for (const Precision precision : kPrecisions) {
    CudaLayerRun all = Run(0, precision);
    all.Forward(kContext);
    EXPECT_TRUE(std::ranges::equal(all.output(), all.cpu().input()));
    CudaLayerRun none = Run(1, precision);
    none.Forward(kContext);
    for (const float value : none.output()) EXPECT_EQ(value, 0);
  }
}

TEST_P(CudaDropoutTest, FollowsThePlaceFromMicroBatchToMicroBatch) {
  CudaLayerRun run = Run(0.5f, Precision::kFp32);
  run.Forward(kContext);
  StepContext next = kContext;
  next.epoch += 1;
  next.position += 5;
  run.Forward(next);
  run.cpu().Forward(next);
  EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().output()));
}

using CudaChannelDropoutTest = CudaTest;

TEST_F(CudaChannelDropoutTest, HasTheBitsOfTheCpu) {
  for (const Shape& shape : {Shape{37, 3, 5}, {16, 4, 4}, {5, 7}}) {
    const Dropout layer(0.4f, shape, true);
    for (const Precision precision : kPrecisions) {
      for (const bool add : {false, true}) {
        CudaLayerRun run(layer, {shape}, 5, device(), precision, {.add_input_gradient = add},
                         kContext.seed);
        run.cpu().Forward(kContext);
        run.Forward(kContext);
        run.cpu().Backward(kContext);
        run.Backward(kContext);
        Round(run.cpu().output(), ActivationType(precision));
        Round(run.cpu().input_gradient(), ActivationType(precision));
        EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().output()));
        EXPECT_TRUE(std::ranges::equal(run.input_gradient(), run.cpu().input_gradient()));
      }
    }
  }
}

TEST_F(CudaChannelDropoutTest, IsTheIdentityInEvaluation) {
  CudaLayerRun run(Dropout(0.5f, {3, 4, 5}, true), {{3, 4, 5}}, 5, device(), Precision::kFp32,
                   {.training = false});
  run.Forward(kContext);
  EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().input()));
}

INSTANTIATE_TEST_SUITE_P(Sizes, CudaDropoutTest, ::testing::Values(1, 37, 64, 1030, 14000));

}  // namespace
}  // namespace seve::testing
