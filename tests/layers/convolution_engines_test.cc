// Where one product of a convolution is computed by several engines, they agree.
#include "layers/cpu/convolution_engines.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/philox.h"
#include "layers/layer_testing.h"

namespace seve::testing {
namespace {

std::vector<float> Values(int64_t count, uint32_t key) {
  const Philox random = RandomStream(key, RandomPurpose::kInitialization);
  std::vector<float> values(static_cast<size_t>(count));
  uint32_t at = 0;
  for (float& value : values) value = 2 * UnitFloat(random(at++, 0, 0, 0)[0]) - 1;
  return values;
}

struct Case {
  int64_t inputs, outputs;
  Extent output, kernel, dilation, padding;
};

ConvolutionGeometry GeometryOf(const Case& of) {
  const auto input = [](int64_t output, int64_t kernel, int64_t dilation, int64_t padding) {
    return output + (kernel - 1) * dilation - 2 * padding;
  };
  return {
      .inputs = of.inputs,
      .outputs = of.outputs,
      .input = {input(of.output.height, of.kernel.height, of.dilation.height, of.padding.height),
                input(of.output.width, of.kernel.width, of.dilation.width, of.padding.width)},
      .output = of.output,
      .kernel = of.kernel,
      .dilation = of.dilation,
      .padding = of.padding};
}

TEST(ConvolutionEngines, TurnedFiltersGiveTheInputGradient) {
  constexpr int64_t kRows = 3;
  const Case cases[] = {{64, 64, {8, 8}, {3, 3}, {1, 1}, {1, 1}},
                        {50, 30, {7, 5}, {3, 3}, {1, 1}, {1, 1}},
                        {48, 17, {6, 9}, {1, 1}, {1, 1}, {0, 0}},
                        {100, 20, {6, 9}, {2, 4}, {1, 1}, {0, 2}},
                        {64, 3, {5, 5}, {3, 2}, {2, 3}, {1, 0}}};
  for (const Case& of : cases) {
    const ConvolutionGeometry geometry = GeometryOf(of);
    SCOPED_TRACE(geometry.WeightShape().ToString());
    const auto w = Values(geometry.WeightShape().elements(), 1);
    const auto dy = Values(kRows * geometry.OutputShape().elements(), 2);
    for (const bool add : {false, true}) {
      auto turned = Values(kRows * geometry.InputShape().elements(), 3), own = turned;
      const auto gradient = MakeTurnedInputGradient(geometry, kRows, add);
      gradient->SetWeights(w.data());
      gradient->Run(dy.data(), turned.data());
      const auto reference = MakeOneDnnInputGradient(geometry, kRows, add);
      reference->SetWeights(w.data());
      reference->Run(dy.data(), own.data());
      EXPECT_LE(RelativeError(turned, ToDouble(own)), 1e-5) << (add ? "added" : "written");
    }
  }
}

TEST(ConvolutionEngines, StridesAndWidePaddingAreNotTurned) {
  auto geometry = GeometryOf({64, 64, {8, 8}, {3, 3}, {1, 1}, {1, 1}});
  EXPECT_TRUE(TurnedIsFaster(geometry, false));
  geometry.stride = {2, 1};
  EXPECT_FALSE(TurnedIsFaster(geometry, true));
  EXPECT_FALSE(TurnedIsFaster(GeometryOf({64, 64, {8, 8}, {1, 1}, {1, 1}, {1, 1}}), true));
}

}  // namespace
}  // namespace seve::testing
