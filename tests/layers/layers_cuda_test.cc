// The CUDA half of every layer against its CPU half, which the table of cases holds to float64, in
// each precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "layers/activation.h"
#include "layers/add.h"
#include "layers/batch_norm.h"
#include "layers/concatenate.h"
#include "layers/conv2d.h"
#include "layers/conv_transpose2d.h"
#include "layers/flatten.h"
#include "layers/global_pool.h"
#include "layers/layer_cases_testing.h"
#include "layers/layers_cuda_testing.h"
#include "layers/linear.h"
#include "layers/maxout.h"
#include "layers/prelu.h"
#include "layers/sample_norm.h"
#include "layers/upsample.h"

namespace seve::testing {
namespace {

// Relative to the largest value. FP32: both halves stay within 2e-6 of float64. TF32 rounds the
// factors of products to 10 bits of fraction, FP16 every value in between as well, BF16 to 7.
double ToleranceOf(Precision precision) {
  switch (precision) {
    case Precision::kFp32:
      return 4e-6;
    case Precision::kTf32:
      return 4e-3;
    case Precision::kBf16:
      return 2e-2;
    case Precision::kFp16:
      return 4e-3;
  }
  return 0;
}

struct SizedLayer {
  std::shared_ptr<const Layer> layer;
  std::vector<Shape> inputs;
  int64_t rows = 0;
};

void ExpectSameOutput(CudaLayerRun& run, double tolerance) {
  EXPECT_LT(RelativeError(run.output(), ToDouble(run.cpu().output())), tolerance);
}

void ExpectSameGradients(CudaLayerRun& run, double tolerance) {
  for (size_t i = 0; i < run.cpu().inputs(); ++i) {
    EXPECT_LT(RelativeError(run.input_gradient(i), ToDouble(run.cpu().input_gradient(i))),
              tolerance)
        << "input " << i;
  }
  for (size_t i = 0; i < run.cpu().parameters(); ++i) {
    EXPECT_LT(RelativeError(run.parameter_gradient(i), ToDouble(run.cpu().parameter_gradient(i))),
              tolerance)
        << "parameter " << i;
  }
}

void RunBoth(CudaLayerRun& run, const StepContext& context) {
  run.cpu().Forward(context);
  run.Forward(context);
  run.cpu().Backward(context);
  run.Backward(context);
}

class CudaLayerTest : public CudaTest, public ::testing::WithParamInterface<size_t> {
 protected:
  CudaLayerTest() : case_(LayerCases()[GetParam()]), layer_(case_.make()) {}

  [[nodiscard]] CudaLayerRun Run(int64_t rows, Precision precision,
                                 const RunOptions& options = {}) const {
    return {*layer_, case_.inputs, rows, device(), precision, options};
  }

  LayerCase case_;
  std::unique_ptr<Layer> layer_;
};

TEST_P(CudaLayerTest, ForwardAgreesWithTheCpuInTrainingAndEvaluation) {
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    for (const bool training : {true, false}) {
      for (const int64_t rows : {0, 1, 2, 5}) {
        CudaLayerRun run = Run(rows, precision, {.training = training});
        run.cpu().Forward();
        run.Forward();
        ExpectSameOutput(run, ToleranceOf(precision));
      }
    }
  }
}

TEST_P(CudaLayerTest, BackwardAgreesWithTheCpuAndAddsWhereAsked) {
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    for (const bool add : {false, true}) {
      for (const int64_t rows : {0, 1, 2, 5}) {
        CudaLayerRun run = Run(rows, precision, {.add_input_gradient = add});
        RunBoth(run, {.accumulate = add});
        ExpectSameGradients(run, ToleranceOf(precision));
      }
    }
  }
}

TEST_P(CudaLayerTest, WritesNoGradientThatNobodyNeeds) {
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    CudaLayerRun frozen = Run(5, precision, {.frozen = true});
    RunBoth(frozen, {});
    ExpectSameGradients(frozen, ToleranceOf(precision));
    CudaLayerRun first = Run(5, precision, {.input_gradient = false});
    RunBoth(first, {});
    ExpectSameGradients(first, ToleranceOf(precision));
    for (size_t i = 0; i < first.cpu().inputs(); ++i) {
      for (const float value : first.input_gradient(i)) EXPECT_EQ(value, LayerRun::kBefore);
    }
  }
}

TEST_P(CudaLayerTest, NaNInputReachesTheOutput) {
  for (const Precision precision : kPrecisions) {
    for (const bool training : {true, false}) {
      CudaLayerRun run = Run(2, precision, {.training = training});
      run.cpu().input()[0] = std::nanf("");
      run.CopyFromCpu();
      run.Forward();
      const Values output = run.output();
      EXPECT_TRUE(std::ranges::any_of(output, [](float y) { return std::isnan(y); }))
          << NameOf(precision);
    }
  }
}

// Two micro-batches each.
TEST_P(CudaLayerTest, EqualRunsGiveEqualBits) {
  const auto results = [&](Precision precision) {
    CudaLayerRun run = Run(5, precision, {.add_input_gradient = true});
    for (const bool accumulate : {false, true}) {
      run.Forward();
      run.Backward({.accumulate = accumulate});
    }
    std::vector<Values> values = {run.output(), run.input_gradient()};
    for (size_t i = 0; i < run.cpu().parameters(); ++i) {
      values.push_back(run.parameter_gradient(i));
    }
    return values;
  };
  for (const Precision precision : kPrecisions) EXPECT_EQ(results(precision), results(precision));
}

INSTANTIATE_TEST_SUITE_P(Cases, CudaLayerTest, ::testing::Range(size_t{0}, LayerCases().size()),
                         [](const auto& info) { return LayerCases()[info.param].name; });

// Sums of products, or of the values of a whole channel.
bool AddsInAnotherOrder(std::string_view kind) {
  return kind == "average_pool" || kind == "global_pool" || kind == "upsample";
}

// The functors are the same and rounding is never left to the compiler.
using CudaLayersTest = CudaTest;

TEST_F(CudaLayersTest, ElementwiseOnesHaveTheBitsOfTheCpu) {
  for (const LayerCase& entry : LayerCases()) {
    const auto layer = entry.make();
    const bool elementwise = (layer->Parameters().empty() && !AddsInAnotherOrder(layer->kind()) &&
                              !layer->kind().ends_with("_norm")) ||
                             layer->kind() == "prelu";
    if (!elementwise) continue;
    for (const bool add : {false, true}) {
      CudaLayerRun run(*layer, entry.inputs, 5, device(), Precision::kFp32,
                       {.add_input_gradient = add});
      RunBoth(run, {});
      EXPECT_TRUE(std::ranges::equal(run.output(), run.cpu().output())) << entry.name;
      for (size_t i = 0; i < run.cpu().inputs(); ++i) {
        EXPECT_TRUE(std::ranges::equal(run.input_gradient(i), run.cpu().input_gradient(i)))
            << entry.name;
      }
    }
  }
}

// Over 2^16 elements in odd extents: many blocks, parts of sums, and tails of packs.
std::vector<SizedLayer> LargeLayers() {
  const BatchNormOptions relu = {.activation = {ActivationKind::kRelu}};
  const LinearOptions options = {.inputs = 67, .units = 513, .activation = {ActivationKind::kGelu}};
  const Conv2dOptions convolution = {.geometry = {.inputs = 6,
                                                  .outputs = 20,
                                                  .input = {33, 17},
                                                  .output = {17, 9},
                                                  .kernel = {3, 3},
                                                  .stride = {2, 2},
                                                  .dilation = {1, 1},
                                                  .padding = {1, 1},
                                                  .groups = 2},
                                     .activation = {ActivationKind::kGelu}};
  return {
      {std::make_shared<ActivationLayer>(Activation{ActivationKind::kTanh}, Shape{257, 263}),
       {{257, 263}},
       1},
      {std::make_shared<Linear>(options), {{67}}, 131},
      {std::make_shared<Linear>(LinearOptions{.inputs = 512, .units = 16}), {{512}}, 515},
      {std::make_shared<Maxout>(LinearOptions{.inputs = 13, .units = 171}, 3), {{13}}, 131},
      {std::make_shared<PRelu>(false, 0.25f, Shape{89, 257}), {{89, 257}}, 3},
      {std::make_shared<PRelu>(true, 0.25f, Shape{3, 89, 83}), {{3, 89, 83}}, 3},
      {std::make_shared<PRelu>(true, 0.25f, Shape{257}), {{257}}, 263},
      {std::make_shared<Add>(9, Shape{257, 263}), std::vector<Shape>(9, {257, 263}), 1},
      {std::make_shared<Add>(9, Shape{57, 63}, Activation{ActivationKind::kRelu}),
       std::vector<Shape>(9, {57, 63}), 1},
      {std::make_shared<BatchNorm>(relu, Shape{16, 61, 67}), {{16, 61, 67}}, 3},
      {std::make_shared<BatchNorm>(relu, Shape{257}), {{257}}, 263},
      {SampleNorm::OverGroups({}, {96, 13, 17}, 4), {{96, 13, 17}}, 3},
      {SampleNorm::OverAxes({}, {3, 41, 37}, 3), {{3, 41, 37}}, 3},
      {std::make_shared<Concatenate>(std::vector<Shape>{{96}, {64}, {97}}),
       {{96}, {64}, {97}},
       263},
      {std::make_shared<Concatenate>(std::vector<Shape>{{192}, {64}}), {{192}, {64}}, 263},
      {std::make_shared<Concatenate>(std::vector<Shape>{{16, 53, 55}, {8, 53, 55}}),
       {{16, 53, 55}, {8, 53, 55}},
       1},
      {std::make_shared<PRelu>(true, 0.25f, Shape{66, 31, 33}), {{66, 31, 33}}, 1},
      {std::make_shared<Flatten>(Shape{66, 31, 33}), {{66, 31, 33}}, 1},
      {std::make_shared<GlobalPool>(Pooling::kAverage, Shape{72, 31, 33}), {{72, 31, 33}}, 1},
      {std::make_shared<GlobalPool>(Pooling::kMax, Shape{72, 31, 33}), {{72, 31, 33}}, 1},
      {std::make_shared<Upsample>(Shape{24, 17, 19}, 3, Interpolation::kBilinear),
       {{24, 17, 19}},
       1},
      {std::make_shared<Conv2d>(convolution), {{6, 33, 17}}, 11},
      {std::make_shared<ConvTranspose2d>(convolution), {{20, 17, 9}}, 11},
  };
}

class LargeCudaLayerTest : public CudaTest, public ::testing::WithParamInterface<size_t> {};

TEST_P(LargeCudaLayerTest, AgreesWithTheCpu) {
  const SizedLayer sized = LargeLayers()[GetParam()];
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    for (const bool add : {false, true}) {
      CudaLayerRun run(*sized.layer, sized.inputs, sized.rows, device(), precision,
                       {.add_input_gradient = add});
      RunBoth(run, {.accumulate = add});
      ExpectSameOutput(run, ToleranceOf(precision));
      // Of many pieces, rounding lets some other one win, whose parameters then learn.
      const bool may_differ = sized.layer->kind() == "maxout" && precision != Precision::kFp32;
      if (!may_differ) ExpectSameGradients(run, ToleranceOf(precision));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, LargeCudaLayerTest,
                         ::testing::Range(size_t{0}, LargeLayers().size()), [](const auto& info) {
                           return std::string(LargeLayers()[info.param].layer->kind()) +
                                  std::to_string(info.param);
                         });

}  // namespace
}  // namespace seve::testing
