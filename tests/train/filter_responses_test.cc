#include "train/filter_responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/image_dataset.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// What a model on (2, 1, 3) pictures makes of some samples, with `weights` in its first
// convolution.
std::optional<FilterResponses> Responses(const std::string& layers,
                                         const std::vector<float>& weights, size_t samples) {
  const auto configuration = SmallConfiguration(
      layers + "layer { flatten {} }\nlayer { name: \"scores\" linear { units: 3 } }\n");
  const Graph graph = BuildGraph(configuration, PictureFields({2, 1, 3}), 3);
  const ParameterLayout layout = LayOutParameters(graph, configuration, 0);
  const ParameterArena parameters(layout);
  for (const Parameter& parameter : layout.parameters) {
    if (parameter.name != "filters.weight") continue;
    std::ranges::copy(weights, parameters.At(parameter).Flat<float>().begin());
  }
  std::vector<Prediction> drawn(samples);
  for (size_t i = 0; i < samples; ++i) {
    const auto first = static_cast<float>(10 * i);
    drawn[i].input = {first, first + 1, first + 2, first + 100, first + 200, first + 300};
  }
  return ResponsesTo(drawn, graph, layout, parameters);
}

constexpr const char* kFilters =
    "layer { name: \"filters\" conv2d { channels: 3 kernel: 1 bias: false } }\n";

TEST(FilterResponses, AreAPictureAChannelInRowMajorOrder) {
  // The first channel, the second, and their difference.
  const auto responses = Responses(kFilters, {1, 0, 0, 1, -1, 1}, 2);
  ASSERT_TRUE(responses);
  EXPECT_EQ(responses->layer, "filters");
  EXPECT_EQ(responses->shape, (Shape{3, 1, 3}));
  ASSERT_THAT(responses->given, SizeIs(2));
  EXPECT_THAT(responses->given[0], ElementsAre(0, 1, 2, 100, 200, 300, 100, 199, 298));
  EXPECT_THAT(responses->given[1], ElementsAre(10, 11, 12, 110, 210, 310, 100, 199, 298));
}

TEST(FilterResponses, AreOfAFewSamples) {
  EXPECT_THAT(Responses(kFilters, {}, 9)->given, SizeIs(4));
}

TEST(FilterResponses, NeedSamplesAndAConvolutionOfTheData) {
  EXPECT_FALSE(Responses(kFilters, {}, 0));
  EXPECT_FALSE(Responses("", {}, 1));
  EXPECT_FALSE(Responses("layer { tanh {} }\n" + std::string(kFilters), {}, 1));
}

}  // namespace
}  // namespace seve
