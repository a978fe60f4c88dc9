#include "model/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/small_data.h"

namespace seve {
namespace {

using testing::HasSubstr;

Graph Build(const std::string& layers, const std::string& more = "") {
  const SmallData data(10, 6, 3);
  return BuildGraph(SmallConfiguration(layers, more), data.Fields(), data.classes());
}

std::string ErrorOf(const std::string& layers, const std::string& more = "") {
  try {
    Build(layers, more);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(Graph, InfersShapesFromLayerToLayer) {
  const auto graph = Build("layer { linear { units: 5 } }\nlayer { linear { units: 3 } }");
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].name, "linear_1");
  EXPECT_EQ(graph.nodes[1].layer->output(), (Shape{3}));
  EXPECT_EQ(graph.nodes[1].layer->Parameters()[0].shape, (Shape{3, 5}));
}

TEST(Graph, RunsLayersAfterWhatTheyReadWhateverTheirOrderInTheFile) {
  const auto graph = Build(
      "layer { name: \"scores\" input: \"hidden\" linear { units: 3 } }\n"
      "layer { name: \"hidden\" input: \"input\" linear { units: 5 } }",
      "loss { input: \"scores\" cross_entropy {} }");
  EXPECT_EQ(graph.nodes[0].name, "hidden");
  EXPECT_EQ(graph.nodes[1].name, "scores");
}

TEST(Graph, ViewsShareTheMemoryOfWhatTheyReshape) {
  const auto graph = Build("layer { flatten {} }\nlayer { linear { units: 3 } }");
  EXPECT_EQ(graph.Root(graph.nodes[0].output), 0);
}

TEST(Graph, InputsThatCannotBeJoinedAreNamedWithTheirShapes) {
  const auto message = ErrorOf(
      "layer { name: \"a\" linear { units: 5 } }\n"
      "layer { name: \"sum\" input: [\"a\", \"input\"] add {} }");
  EXPECT_THAT(message, HasSubstr("small.textproto:5:"));
  EXPECT_THAT(message, HasSubstr("layer 'sum': add takes inputs of one shape, but 'a' gives (5), "
                                 "'input' gives (6)"));
}

TEST(Graph, StartingValuesMustBeAsManyAsTheParameterHas) {
  EXPECT_THAT(ErrorOf("layer { name: \"scores\" linear {\n"
                      "  units: 3 weight_initializer { values { value: [1, 2, 3, 4] } } } }"),
              HasSubstr("layer 'scores': 4 starting values are given for 'weight', which has 18 of "
                        "shape (3, 6)"));
}

TEST(Graph, ACircleIsNamedWithItsPlace) {
  const auto message = ErrorOf(
      "layer { name: \"a\" input: \"b\" linear { units: 3 } }\n"
      "layer { name: \"b\" input: \"a\" linear { units: 3 } }");
  EXPECT_THAT(message, HasSubstr("small.textproto:4:"));
  EXPECT_THAT(message, HasSubstr("a -> b -> a"));
}

TEST(Graph, ALayerNobodyReadsIsNamed) {
  const auto message = ErrorOf(
      "layer { name: \"aside\" linear { units: 7 } }\n"
      "layer { name: \"scores\" input: \"input\" linear { units: 3 } }");
  EXPECT_THAT(message, HasSubstr("small.textproto:4:"));
  EXPECT_THAT(message, HasSubstr("nothing reads layer 'aside'"));
}

TEST(Graph, ALayerMayNotBeCalledLikeAFieldOfTheData) {
  EXPECT_THAT(ErrorOf("layer { name: \"target\" linear { units: 3 } }"),
              HasSubstr("layer 'target' is called like a field of the data"));
}

TEST(Graph, ALayerDoesNotReadClassIndices) {
  auto configuration = SmallConfiguration("layer { linear { units: 3 } }");
  configuration.proto.mutable_model()->mutable_layer(0)->add_input("target");
  const SmallData data(10, 4, 3);
  EXPECT_THROW(BuildGraph(configuration, data.Fields(), data.classes()), Error);
}

TEST(Graph, AHeadOfTheWrongWidthIsNamedWithTheRemedy) {
  const auto message = ErrorOf("layer { name: \"scores\" linear { units: 7 } }");
  EXPECT_THAT(message, HasSubstr("small.textproto:"));
  EXPECT_THAT(message, HasSubstr("scores"));
  EXPECT_THAT(message, HasSubstr("7"));
  EXPECT_THAT(message, HasSubstr("3 classes"));
}

TEST(Graph, OneNumberAgainstClassesNamesBothRemedies) {
  const auto message =
      ErrorOf("layer { name: \"line\" linear { units: 1 } }", "loss { mean_squared_error {} }");
  EXPECT_THAT(message, HasSubstr("set units: 3"));
  EXPECT_THAT(message, HasSubstr("kind: VALUES"));
}

TEST(Graph, ATargetThatIsNoFieldIsNamed) {
  const auto message =
      ErrorOf("layer { linear { units: 3 } }", "loss { target: \"targt\" cross_entropy {} }");
  EXPECT_THAT(message, HasSubstr("'targt'"));
  EXPECT_THAT(message, HasSubstr("did you mean 'target'?"));
}

TEST(Graph, ALayerIsNoTarget) {
  const auto message = ErrorOf("layer { name: \"scores\" linear { units: 3 } }",
                               "loss { target: \"scores\" mean_squared_error {} }");
  EXPECT_THAT(message, HasSubstr("'scores', which is no field of the data"));
}

constexpr const char* kResidual =
    "define { name: \"res\" residual { activation: RELU\n"
    "  layer { linear { units: 6 activation: RELU } }\n"
    "  layer { linear { units: 6 } } } }\n"
    "layer { name: \"c\" use: \"res\" repeat: 3 }\n"
    "layer { name: \"scores\" linear { units: 3 } }";

TEST(Graph, HasTheLayersOfCompositesUnderFullNames) {
  const auto graph = Build(kResidual);
  ASSERT_EQ(graph.nodes.size(), 10u);
  EXPECT_EQ(graph.nodes[0].name, "c/1/linear_1");
  EXPECT_EQ(graph.nodes[5].name, "c/2/sum");
  EXPECT_EQ(graph.nodes[9].inputs, std::vector<int>{graph.nodes[8].output});
  EXPECT_EQ(graph.losses[0].scores, graph.nodes[9].output);
}

TEST(Graph, ALossMayScoreACompositeLayer) {
  const auto graph = Build("layer { name: \"a\" block { layer { linear { units: 3 } } } }",
                           "loss { input: \"a\" cross_entropy {} }");
  EXPECT_EQ(graph.losses[0].scores, graph.nodes[0].output);
}

TEST(Graph, MistakesInsideCompositesAreLocatedInside) {
  const auto message = ErrorOf(
      "layer { name: \"a\" residual {\n"
      "  layer { linear { units: 6 } }\n"
      "  layer { name: \"x\" linear { units: 5 } } } }\n"
      "layer { linear { units: 3 } }");
  EXPECT_THAT(message, HasSubstr("small.textproto:4:19: residual 'a' cannot add (5), what its "
                                 "layers give, to (6), what its shortcut gives"));
  EXPECT_THAT(ErrorOf("layer { block { layer { relu {} }\n"
                      "  layer { name: \"x\" reshape { shape: 7 } } } }\n"
                      "layer { linear { units: 3 } }"),
              HasSubstr("small.textproto:5:3: layer 'block_1/x': 6 values"));
}

// Computes nothing; what it says of itself is what counts.
class Synchronised : public Layer {
 public:
  std::string_view kind() const override { return "synchronised"; }
  const Shape& output() const override { return shape_; }
  std::string_view WhyNotReproducible() const override { return "it sums over ranks by itself"; }
  std::unique_ptr<BoundLayer> BindCpu(const LayerBinding&) const override { return nullptr; }

 private:
  Shape shape_{3};
};

TEST(Graph, ALayerThatCannotBeReproducibleIsNamedWithTheReason) {
  Graph graph = Build("layer { linear { units: 3 } }");
  const auto configuration = SmallConfiguration("layer { linear { units: 3 } }");
  EXPECT_NO_THROW(CheckReproducible(graph, configuration));
  graph.nodes.push_back(
      {.name = "norm", .layer = std::make_unique<Synchronised>(), .inputs = {}, .output = 0});
  try {
    CheckReproducible(graph, configuration);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("layer 'norm' cannot be reproducible: it sums over ranks"));
  }
}

}  // namespace
}  // namespace seve
