// What the table of layers does not say of normalisation.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/expect_error.h"
#include "layers/batch_norm.h"
#include "layers/cpu/column_moments.h"
#include "layers/layer_testing.h"
#include "layers/registry.h"

namespace seve::testing {
namespace {

std::unique_ptr<Layer> Make(const std::string& text, const Shape& input) {
  config::Layer message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return MakeLayer(message, "it", {input});
}

std::string UsageError(const std::string& text, const Shape& input) {
  return MessageOf(ExitCode::kUsage, [&] { Make(text, input); });
}

TEST(MakeLayer, NormalisationHasPyTorchsParameters) {
  const auto specs = Make("batch_norm { momentum: 0.25 }", {3, 4, 5})->Parameters();
  ASSERT_EQ(specs.size(), 4u);
  const char* names[] = {"weight", "bias", "running_mean", "running_var"};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(specs[i].name, names[i]);
    EXPECT_EQ(specs[i].shape, Shape{3});
    const bool one = i == 0 || i == 3;
    EXPECT_EQ(specs[i].initializer.kind,
              one ? Initializer::Kind::kConstant : Initializer::Kind::kZeros);
    EXPECT_EQ(specs[i].role, i < 2 ? ParameterRole::kLearned : ParameterRole::kStatistic);
    EXPECT_EQ(specs[i].momentum, i < 2 ? 0 : 0.25f);
  }
  EXPECT_EQ(Make("batch_norm { affine: false }", Shape{7})->Parameters().size(), 2u);
  EXPECT_EQ(Make("layer_norm {}", {3, 4, 5})->Parameters()[0].shape, (Shape{3, 4, 5}));
  EXPECT_EQ(Make("layer_norm { axes: 1 }", {4, 5})->Parameters()[0].shape, Shape{5});
  EXPECT_EQ(Make("group_norm { groups: 3 }", {6, 4, 5})->Parameters()[1].shape, Shape{6});
  EXPECT_TRUE(Make("group_norm { groups: 3 affine: false }", Shape{6})->Parameters().empty());
}

TEST(MakeLayer, NormalisationSaysWhatItTakes) {
  EXPECT_EQ(UsageError("batch_norm {}", {4, 5}),
            "layer 'it': batch_norm takes vectors (F) and pictures (C, H, W), but its input has "
            "shape (4, 5): add reshape or flatten before it, or take layer_norm");
  EXPECT_EQ(UsageError("layer_norm { axes: 3 }", {4, 5}),
            "layer 'it': layer_norm over the last 3 axes, but its input has shape (4, 5): set axes "
            "to 2 or less, or leave it out");
  EXPECT_EQ(UsageError("layer_norm { axes: 2 }", {3, 4, 5}),
            "layer 'it': layer_norm takes all three axes of pictures, (3, 4, 5) here, and not the "
            "last 2: leave axes out, or take group_norm");
  EXPECT_EQ(UsageError("group_norm { groups: 4 }", {6, 4, 5}),
            "layer 'it': 6 channels of its input (6, 4, 5) do not divide into groups: 4; take a "
            "divisor of 6");
}

// Mean 1e4 and deviation 1: sums of squares in float32 would know nothing of the deviation.
TEST(ColumnMoments, AreGoodFarFromZero) {
  for (const int64_t columns : {1, 3, 64, 300}) {
    const int64_t rows = 5000 / columns + 7;
    Values values = Uniform(rows * columns, 5);
    for (float& value : values) value += 1e4f;
    ColumnMoments moments(rows, columns);
    moments.Run(values.data());
    for (int64_t column = 0; column < columns; ++column) {
      double mean = 0, squares = 0;
      const auto at = [&](int64_t row) {
        return static_cast<double>(values[static_cast<size_t>(row * columns + column)]);
      };
      for (int64_t row = 0; row < rows; ++row) mean += at(row) / static_cast<double>(rows);
      for (int64_t row = 0; row < rows; ++row) squares += std::pow(at(row) - mean, 2);
      const auto i = static_cast<size_t>(column);
      EXPECT_NEAR(moments.means()[i], mean, 1e-10 * mean);
      EXPECT_NEAR(moments.squares()[i], squares, 1e-6 * squares);
    }
  }
}

TEST(BatchNorm, OfOneValueTheVarianceIsZeroAndNothingFlowsBack) {
  const BatchNorm layer({}, Shape{3});
  LayerRun run(layer, {Shape{3}}, 1);
  run.Forward();
  run.Backward();
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(run.output()[i], run.parameter(1)[i]);
    EXPECT_EQ(run.input_gradient()[i], 0);
    EXPECT_EQ(run.parameter_gradient(2)[i], run.input()[i]);
    EXPECT_EQ(run.parameter_gradient(3)[i], 0);
  }
}

TEST(BatchNorm, WithFrozenStatisticsTrainsAsItEvaluates) {
  const BatchNorm layer({.activation = {ActivationKind::kRelu}}, {3, 4, 5});
  const std::vector<Shape> inputs = {{3, 4, 5}};
  LayerRun frozen(layer, inputs, 2, {.frozen_statistics = true});
  LayerRun evaluated(layer, inputs, 2, {.training = false});
  frozen.Forward();
  evaluated.Forward();
  EXPECT_TRUE(std::ranges::equal(frozen.output(), evaluated.output()));
  frozen.Backward();
  // dx = g / sqrt(variance + epsilon) dz.
  for (size_t i = 0; i < frozen.input_gradient().size(); ++i) {
    const size_t c = i % 3;
    const double slope = frozen.output()[i] > 0 ? 1 : 0;
    const double scale = frozen.parameter(0)[c] / std::sqrt(frozen.parameter(3)[c] + 1e-5);
    EXPECT_NEAR(frozen.input_gradient()[i], scale * slope * frozen.output_gradient()[i], 1e-6);
  }
  EXPECT_EQ(frozen.parameter_gradient(2)[0], LayerRun::kBefore);
  EXPECT_NE(frozen.parameter_gradient(0)[0], LayerRun::kBefore);
}

TEST(BatchNorm, NoRowsMeansZeroGradientsOrUntouchedOnes) {
  const BatchNorm layer({}, {3, 2, 2});
  LayerRun run(layer, {{3, 2, 2}}, 0);
  for (const bool accumulate : {true, false}) {
    run.Forward({.accumulate = accumulate});
    run.Backward({.accumulate = accumulate});
    for (size_t i = 0; i < 4; ++i) {
      for (const float value : run.parameter_gradient(i)) {
        EXPECT_EQ(value, accumulate ? LayerRun::kBefore : 0);
      }
    }
  }
}

}  // namespace
}  // namespace seve::testing
