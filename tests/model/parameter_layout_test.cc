#include "model/parameter_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "model/gradient_reducer.h"
#include "model/small_data.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

using testing::HasSubstr;

constexpr const char* kTwoLayers =
    "layer { name: \"hidden\" linear { units: 5 activation: RELU } }\n"
    "layer { name: \"scores\" linear { units: 3 } }";

ParameterLayout LayOut(const std::string& more = "", const std::string& layers = kTwoLayers) {
  const SmallData data(10, 6, 3);
  const auto configuration = SmallConfiguration(layers, more);
  const auto graph = BuildGraph(configuration, data.Fields(), data.classes());
  return LayOutParameters(graph, configuration, 0.5f);
}

const Parameter& Find(const ParameterLayout& layout, const std::string& name) {
  for (const auto& parameter : layout.parameters) {
    if (parameter.name == name) return parameter;
  }
  throw std::runtime_error("no parameter " + name);
}

std::string ErrorOf(const std::string& more) {
  return MessageOf(ExitCode::kUsage, [&] { LayOut(more); });
}

TEST(ParameterLayout, FollowsTheOrderInWhichBackwardFinishes) {
  const auto layout = LayOut();
  std::vector<std::string> names;
  for (const auto& parameter : layout.parameters) names.push_back(parameter.name);
  EXPECT_EQ(names, (std::vector<std::string>{"scores.weight", "scores.bias", "hidden.weight",
                                             "hidden.bias"}));
  EXPECT_EQ(layout.Count(), 3 * 5 + 3 + 5 * 6 + 5);
  for (const auto& parameter : layout.parameters) {
    EXPECT_EQ(parameter.offset * sizeof(float) % kAlignment, 0u);
  }
}

TEST(ParameterLayout, OneSettingIsOneSlice) {
  const auto layout = LayOut();
  ASSERT_EQ(layout.slices.size(), 1u);
  EXPECT_EQ(layout.slices[0].begin, 0u);
  EXPECT_EQ(layout.slices[0].end, layout.trainable_floats);
  EXPECT_EQ(layout.slices[0].weight_decay, 0.5f);
}

TEST(ParameterLayout, PenaltiesAddUpAndMustMatchWhatIsTrained) {
  const auto layout = LayOut("penalty { l1: 2 l2: 1 }\npenalty { match: \"*.weight\" l2: 4 }");
  EXPECT_EQ(Find(layout, "hidden.weight").l1, 2);
  EXPECT_EQ(Find(layout, "hidden.weight").l2, 5);
  EXPECT_EQ(Find(layout, "hidden.bias").l2, 1);
  EXPECT_THAT(ErrorOf("penalty { match: \"hiden.*\" l1: 1 }"),
              HasSubstr("`match: \"hiden.*\"` matches no parameter"));
  EXPECT_THAT(ErrorOf("penalty { match: \"hidden.*\" l1: 1 }\n"
                      "parameters { match: \"hidden.*\" frozen: true }"),
              HasSubstr("`match: \"hidden.*\"` of a penalty matches frozen parameters alone"));
}

TEST(ParameterLayout, TheLaterGroupWinsFieldByField) {
  const auto layout = LayOut(
      "parameters { match: \"*\" learning_rate_scale: 2 weight_decay: 0.1 }\n"
      "parameters { match: \"*.bias\" weight_decay: 0 }");
  EXPECT_EQ(Find(layout, "hidden.weight").weight_decay, 0.1f);
  EXPECT_EQ(Find(layout, "hidden.bias").weight_decay, 0.0f);
  EXPECT_EQ(Find(layout, "hidden.bias").learning_rate_scale, 2.0f);
}

TEST(ParameterLayout, DecaysWeightsAloneWhereThatIsAskedFor) {
  const SmallData data(10, 6, 3);
  auto configuration =
      SmallConfiguration(kTwoLayers, "parameters { match: \"scores.bias\" weight_decay: 0.1 }");
  configuration.proto.mutable_optimizer()->set_decayed(config::WEIGHTS);
  const auto graph = BuildGraph(configuration, data.Fields(), data.classes());
  const auto layout = LayOutParameters(graph, configuration, 0.5f);
  EXPECT_EQ(Find(layout, "hidden.weight").weight_decay, 0.5f);
  EXPECT_EQ(Find(layout, "hidden.bias").weight_decay, 0.0f);
  EXPECT_EQ(Find(layout, "scores.bias").weight_decay, 0.1f);
  EXPECT_EQ(layout.slices.size(), 4u);
}

TEST(ParameterLayout, PatternsMatchLayersInsideOthers) {
  const auto layout = LayOut("parameters { match: \"c/*.bias\" frozen: true }",
                             "layer { name: \"c\" repeat: 3 residual {\n"
                             "  layer { linear { units: 6 } } } }\n"
                             "layer { linear { units: 3 } }");
  EXPECT_TRUE(Find(layout, "c/1/linear_1.bias").frozen);
  EXPECT_TRUE(Find(layout, "c/3/linear_1.bias").frozen);
  EXPECT_FALSE(Find(layout, "c/3/linear_1.weight").frozen);
  EXPECT_FALSE(Find(layout, "linear_1.bias").frozen);
}

TEST(ParameterLayout, FrozenParametersLiveOutsideTheGradientArena) {
  const auto layout = LayOut("parameters { match: \"hidden.*\" frozen: true }");
  EXPECT_TRUE(Find(layout, "hidden.weight").frozen);
  EXPECT_EQ(layout.TrainableCount(), 18);
  EXPECT_EQ(layout.trainable_floats, 128u);  // two aligned blocks
  EXPECT_EQ(layout.frozen_floats, 128u);
}

TEST(ParameterLayout, AGroupThatMatchesNothingIsAnErrorWithNearNames) {
  const auto error = ErrorOf("parameters { match: \"hiden.weight\" frozen: true }");
  EXPECT_THAT(error, HasSubstr("small.textproto:10:"));
  EXPECT_THAT(error, HasSubstr("hidden.weight"));
}

TEST(ParameterLayout, FreezingEverythingIsAnError) {
  EXPECT_THROW(LayOut("parameters { match: \"*\" frozen: true }"), Error);
}

TEST(ParameterLayout, TheHashTellsLayoutsApart) {
  EXPECT_EQ(LayOut().Hash(), LayOut().Hash());
  EXPECT_NE(LayOut().Hash(), LayOut("parameters { match: \"hidden.*\" frozen: true }").Hash());
}

TEST(Buckets, CoverTheArenaInOrderWithASmallFirstAndLast) {
  const auto layout = LayOut("",
                             "layer { name: \"a\" linear { units: 40 } }\n"
                             "layer { name: \"b\" linear { units: 2000 } }\n"
                             "layer { name: \"c\" linear { units: 2000 } }\n"
                             "layer { name: \"d\" linear { units: 3 } }");
  const auto buckets = CutBuckets(layout, 1 << 20, 1024);
  ASSERT_GE(buckets.size(), 3u);
  EXPECT_EQ(buckets.front().begin, 0u);
  EXPECT_EQ(buckets.back().end, layout.trainable_floats);
  for (size_t i = 1; i < buckets.size(); ++i) {
    EXPECT_EQ(buckets[i].begin, buckets[i - 1].end);
    EXPECT_LE(buckets[i].last_node, buckets[i - 1].last_node);
  }
  EXPECT_EQ(buckets.front().last_node, 3);
  EXPECT_EQ(buckets.back().last_node, 0);
}

TEST(Buckets, ASmallModelTravelsAsOne) { EXPECT_EQ(CutBuckets(LayOut()).size(), 1u); }

}  // namespace
}  // namespace seve
