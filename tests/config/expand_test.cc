#include "config/expand.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include "base/text.h"
#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ExpandedModel Expand(const std::string& text) {
  config::Model model;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &model)) << text;
  return ExpandModel(model);
}

// "name < inputs" of each layer.
std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto& [layer, path] : Expand(text).layers) {
    lines.push_back(layer.name() + " < " + Join({layer.input().begin(), layer.input().end()}));
  }
  return lines;
}

TEST(ExpandModel, LeavesPlainLayersAsTheyAreAndFillsInWhatTheyRead) {
  EXPECT_THAT(
      Lines("layer { flatten {} } layer { linear {} } "
            "layer { name: 'sum' input: ['linear_1', 'flatten_1'] add {} }"),
      ElementsAre("flatten_1 < input", "linear_1 < flatten_1", "sum < linear_1, flatten_1"));
}

TEST(ExpandModel, MakesALayerOfItsOwnOfANorm) {
  const auto model = Expand(
      "layer { name: 'stem' conv2d { channels: 4 norm: BATCH activation: RELU } } "
      "layer { conv_transpose2d { channels: 4 norm: BATCH } } "
      "layer { conv2d { channels: 4 activation: RELU } }");
  ASSERT_EQ(model.layers.size(), 5u);
  const auto& stem = model.layers[0].layer;
  EXPECT_EQ(stem.name(), "stem");
  EXPECT_FALSE(stem.conv2d().has_norm());
  EXPECT_FALSE(stem.conv2d().has_activation());
  const auto& norm = model.layers[1].layer;
  EXPECT_EQ(norm.name(), "stem/norm");
  EXPECT_EQ(norm.batch_norm().activation(), config::RELU);
  EXPECT_EQ(norm.input(0), "stem");
  EXPECT_EQ(model.layers[1].path, "model.stem.conv2d.norm");
  EXPECT_EQ(model.layers[2].layer.input(0), "stem/norm");
  EXPECT_EQ(model.layers[3].layer.name(), "conv_transpose2d_1/norm");
  EXPECT_FALSE(model.layers[3].layer.batch_norm().has_activation());
  EXPECT_EQ(model.layers[4].layer.conv2d().activation(), config::RELU);
  EXPECT_EQ(*model.Find("stem"), "stem/norm");
}

TEST(ExpandModel, JoinsAResidualWithItsShortcut) {
  EXPECT_THAT(
      Lines("layer { name: 'a' residual { layer { linear {} } layer { linear {} } } }"),
      ElementsAre("a/linear_1 < input", "a/linear_2 < a/linear_1", "a/sum < a/linear_2, input"));
  const auto model = Expand(
      "layer { relu {} } layer { residual { activation: TANH layer { relu {} } "
      "shortcut { linear {} } shortcut { linear {} } } } layer { relu {} }");
  ASSERT_EQ(model.layers.size(), 6u);
  EXPECT_EQ(model.layers[1].layer.input(0), "relu_1");
  EXPECT_EQ(model.layers[2].layer.name(), "residual_1/shortcut/linear_1");
  EXPECT_EQ(model.layers[2].layer.input(0), "relu_1");
  EXPECT_EQ(model.layers[2].path, "model.residual_1.residual.shortcut[0]");
  const auto& sum = model.layers[4].layer;
  EXPECT_EQ(sum.add().activation(), config::TANH);
  EXPECT_THAT(sum.input(), ElementsAre("residual_1/relu_1", "residual_1/shortcut/linear_2"));
  EXPECT_EQ(model.layers[5].layer.input(0), "residual_1/sum");
}

TEST(ExpandModel, RepeatsPlainLayersAndComposites) {
  EXPECT_THAT(Lines("layer { name: 'fc' repeat: 2 linear {} } "
                    "layer { name: 'c' repeat: 2 residual { layer { linear {} } } } "
                    "layer { repeat: 1 relu {} }"),
              ElementsAre("fc/1 < input", "fc/2 < fc/1", "c/1/linear_1 < fc/2",
                          "c/1/sum < c/1/linear_1, fc/2", "c/2/linear_1 < c/1/sum",
                          "c/2/sum < c/2/linear_1, c/1/sum", "relu_1/1 < c/2/sum"));
}

TEST(ExpandModel, PutsDefinitionsWhereTheyAreUsed) {
  const std::string text =
      "define { name: 'two' block { layer { linear {} } layer { relu {} } } } "
      "define { name: 'res' residual { layer { use: 'two' } } } "
      "layer { name: 'a' use: 'res' } layer { use: 'two' repeat: 2 } layer { use: 'two' }";
  EXPECT_THAT(Lines(text),
              ElementsAre("a/two_1/linear_1 < input", "a/two_1/relu_1 < a/two_1/linear_1",
                          "a/sum < a/two_1/relu_1, input", "two_1/1/linear_1 < a/sum",
                          "two_1/1/relu_1 < two_1/1/linear_1", "two_1/2/linear_1 < two_1/1/relu_1",
                          "two_1/2/relu_1 < two_1/2/linear_1", "two_2/linear_1 < two_1/2/relu_1",
                          "two_2/relu_1 < two_2/linear_1"));
  const auto model = Expand(text);
  EXPECT_EQ(model.layers[0].path, "model.two.block.layer[0]");
  EXPECT_EQ(model.layers[2].path, "model.res.residual");
}

TEST(ExpandModel, LooksNamesUpInsideThenAround) {
  EXPECT_THAT(Lines("layer { name: 'x' relu {} } "
                    "layer { name: 'a' block { layer { name: 'x' linear {} } "
                    "  layer { input: ['x', 'input', 'y'] add {} } } } "
                    "layer { name: 'y' input: 'x' relu {} } "
                    "layer { input: ['a/x', 'a', 'data'] add {} }"),
              ElementsAre("x < input", "a/x < x", "a/add_1 < a/x, x, y", "y < x",
                          "add_1 < a/x, a/add_1, data"));
}

TEST(ExpandModel, TellsInputsThatAreNoLayers) {
  const auto model = Expand(
      "layer { name: 'a' input: 'input' block { layer { name: 'x' relu {} } "
      "layer { input: ['input', 'z'] add {} } } }");
  ASSERT_EQ(model.outside.size(), 2u);
  EXPECT_EQ(model.outside[0].path, "model.a.input[0]");
  EXPECT_EQ(model.outside[0].input, "input");
  EXPECT_EQ(model.outside[1].layer, "a/add_1");
  EXPECT_EQ(model.outside[1].path, "model.a.block.layer[1].input[1]");
  EXPECT_THAT(model.outside[1].known, ElementsAre("x", "add_1", "a"));
}

TEST(ExpandModel, StopsWhereThereAreTooMany) {
  const auto model = Expand(
      "layer { repeat: 2000000000 block { layer { name: 'x' repeat: 2000000000 relu {} } } }");
  EXPECT_EQ(model.beyond, "model.block_1.block.layer[0]");
  EXPECT_LE(model.layers.size(), static_cast<size_t>(kMostLayers));
  EXPECT_EQ(Expand("layer { repeat: 2000000000 block {} }").beyond, "model.block_1");
}

// A whole configuration with these layers, from line 4 on.
Configuration Load(const std::string& layers, const std::vector<std::string>& sets = {}) {
  return ParseConfiguration("data { mnist {} }\nbatch { size: 64 }\nmodel {\n" + layers +
                                "\n}\nloss { cross_entropy {} }\n"
                                "optimizer { sgd {} }\nepochs: 1\n",
                            "f", sets);
}

constexpr const char* kResidual =
    "define { name: \"res\" residual { activation: RELU\n"
    "  layer { linear { units: 100 activation: RELU } }\n"
    "  layer { name: \"last\" linear { units: 100 } } } }\n"
    "layer { linear { units: 100 } }\n"
    "layer { name: \"c\" use: \"res\" repeat: 3 }\n"
    "layer { conv2d { channels: 3 norm: BATCH kernel: 1 } }";

TEST(Composites, LayersInsideKeepTheirPlaces) {
  const auto source = Load(kResidual).source;
  EXPECT_EQ(source.Where("model.c/3/linear_1"), "f:5:3");
  EXPECT_EQ(source.Where("model.c/2/last"), "f:6:3");
  EXPECT_EQ(source.Where("model.c/2/sum"), "f:4:22");
  EXPECT_EQ(source.Where("model.c.repeat"), "f:8:30");
  EXPECT_EQ(source.Where("model.res.residual.layer[1].linear.units"), "f:6:33");
  EXPECT_EQ(source.Where("model.conv2d_1/norm"), "f:9:30");
}

TEST(Composites, AreReachedByOverrides) {
  const auto configuration =
      Load(kResidual, {"model.c.repeat=2", "model.res.residual.layer[0].linear.units=7",
                       "model.res.residual.activation=TANH"});
  EXPECT_EQ(configuration.proto.model().layer(1).repeat(), 2);
  const auto& residual = configuration.proto.model().define(0).residual();
  EXPECT_EQ(residual.layer(0).linear().units(), 7);
  EXPECT_EQ(residual.activation(), config::TANH);
  EXPECT_EQ(configuration.source.Where("model.c/2/linear_1"), "f:5:3");
  const auto replaced = Load(kResidual, {"model.res={ block { layer { relu {} } } }"});
  EXPECT_EQ(replaced.proto.model().define(0).name(), "res");
  EXPECT_EQ(replaced.source.Where("model.c/1/relu_1"),
            "--set model.res={ block { layer { relu {} } } }");
}

TEST(Composites, StayShortInTheResolvedText) {
  const auto text = ResolvedText(Load(kResidual).proto);
  EXPECT_THAT(text, HasSubstr("repeat: 3"));
  EXPECT_THAT(text, HasSubstr("use: \"res\""));
  EXPECT_EQ(ResolvedText(ParseConfiguration(text, "again", {}).proto), text);
}

TEST(Composites, LossesMayScoreWhatIsInside) {
  EXPECT_NO_THROW(Load(kResidual, {"loss.input=c/2/last"}));
  EXPECT_THAT(testing::UsageError([] { Load(kResidual, {"loss.input=c/4"}); }),
              HasSubstr("the loss scores 'c/4', which is no layer"));
}

struct Mistake {
  const char* layers;
  const char* expected;
};

const Mistake kMistakes[] = {
    {"layer { residual {} }", "f:4:9: model.residual_1.residual needs layers; for example"},
    {"layer { block {} }", "f:4:9: model.block_1.block needs layers; for example"},
    {"layer { name: 'a' use: 'res' }",
     "f:4:19: layer 'a' uses 'res', which is no definition; the model has none"},
    {"define { name: 'res' block { layer { relu {} } } }\nlayer { use: 'ras' }",
     "f:5:9: layer 'ras_1' uses 'ras', which is no definition; did you mean 'res'?"},
    {"define { name: 'a' block { layer { relu {} } layer { use: 'a' } } }\nlayer { use: 'a' }",
     "f:4:54: layer 'a/a_1' uses 'a', inside which it is itself: that would never end"},
    {"define { name: 'a' block { layer { use: 'b' } } }\ndefine { name: 'b' relu {} }\n"
     "layer { use: 'a' }",
     "f:4:36: layer 'a/b_1' uses 'b', which is defined later: a definition uses those before"},
    {"layer { repeat: 0 relu {} }", "f:4:9: model.relu_1.repeat is 0; it must be at least 1"},
    {"layer { name: 'x' relu {} } layer { input: ['x', 'x'] repeat: 2 add {} }",
     "layer 'add_1' reads several layers, so it cannot be repeated"},
    {"layer { name: 'a/b' relu {} }", "f:4:9: a layer is called 'a/b'; names are made of"},
    {"layer { name: 'a' block { layer { name: 'b/c' relu {} } } }",
     "f:4:35: a layer is called 'b/c'; names are made of"},
    {"layer { name: 'a' block { layer { name: 'b' relu {} }\nlayer { name: 'b' relu {} } } }",
     "f:5:9: two layers are called 'a/b', the first at f:4:35; rename one"},
    {"define { name: 'a' relu {} }\nlayer { name: 'a' relu {} }",
     "two layers are called 'a', the first at f:"},
    {"define { name: 'relu_1' relu {} } layer { relu {} }",
     "a layer and a definition are called 'relu_1', the first at f:4:35; rename one"},
    {"define { relu {} } layer { relu {} }", "f:4:1: a definition needs a name"},
    {"define { name: 'a' input: 'input' relu {} } layer { use: 'a' }",
     "f:4:20: definition 'a' reads what the layers that use it read"},
    {"layer { name: 'a' input: 'b' block { layer { relu {} } } }",
     "f:4:19: layer 'a' reads 'b', which is no layer; did you mean 'a'?"},
    {"define { name: 'd' block { layer { name: 'xx' relu {} } layer { input: 'xy' relu {} } } }\n"
     "layer { use: 'd' repeat: 3 }",
     "f:4:65: layer 'd_1/1/relu_1' reads 'xy', which is no layer; did you mean 'xx'"},
    {"layer { residual { layer { name: 'sum' relu {} } } }",
     "f:4:28: no layer inside a residual may be called 'sum'"},
    {"layer { name: 'a' input: ['input', 'input'] block { layer { relu {} } } }",
     "layer 'a' takes one input, but 2 are given"},
    {"layer { repeat: 20000 relu {} }",
     "f:4:1: with this the model has more than 10,000 layers: lower 'repeat'"},
    {"define { name: 'd' block { layer { linear { units: 0 } } } }\nlayer { use: 'd' repeat: 3 }",
     "f:4:45: model.d.block.layer[0].linear.units is 0; it must be above 0"},
    {"define { name: 'd' block { layer { leaky_relu { slope: inf } } } } layer { use: 'd' }",
     "f:4:49: model.d.block.layer[0].leaky_relu.slope must be a finite number"},
};

TEST(Composites, MistakesAreNamedOnceWithTheirPlaces) {
  for (const auto& [layers, expected] : kMistakes) {
    const auto error = testing::UsageError([&] { Load(layers); });
    EXPECT_THAT(error, HasSubstr(expected));
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 0) << error;
  }
}

}  // namespace
}  // namespace seve
