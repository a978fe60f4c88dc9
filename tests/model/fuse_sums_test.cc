#include "model/fuse_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::ElementsAre;

Graph Build(const std::string& layers, const std::string& more = "") {
  const SmallData data(10, 6, 3);
  return BuildGraph(SmallConfiguration(layers, more), data.Fields(), data.classes());
}

// "norm: batch_norm < x, y" of every layer.
std::vector<std::string> Layers(const Graph& graph) {
  std::vector<std::string> layers;
  for (const Node& node : graph.nodes) {
    std::vector<std::string> inputs;
    for (const int input : node.inputs) {
      inputs.push_back(graph.values[static_cast<size_t>(input)].name);
    }
    layers.push_back(node.name + ": " + std::string(node.layer->kind()) + " < " + Join(inputs));
  }
  return layers;
}

TEST(FuseSums, TheLastNormOfAResidualAdds) {
  const auto graph = Build(
      "layer { name: \"a\" residual { activation: RELU\n"
      "  layer { name: \"l\" linear { units: 6 } } layer { name: \"n\" batch_norm {} } } }\n"
      "layer { name: \"scores\" linear { units: 3 } }");
  EXPECT_THAT(Layers(graph), ElementsAre("a/l: linear < input", "a/n: batch_norm < a/l, input",
                                         "scores: linear < a/n"));
  for (size_t i = graph.fields; i < graph.values.size(); ++i) {
    const auto producer = static_cast<size_t>(graph.values[i].producer);
    EXPECT_EQ(graph.nodes[producer].output, static_cast<int>(i));
    EXPECT_EQ(graph.nodes[producer].name, graph.values[i].name);
  }
  EXPECT_EQ(graph.losses[0].scores, graph.nodes[2].output);
  EXPECT_EQ(graph.values[static_cast<size_t>(graph.losses[0].target)].name, "target");
}

TEST(FuseSums, OfTwoNormsTheFirstAddsTheOther) {
  const auto graph = Build(
      "layer { name: \"a\" residual {\n"
      "  layer { name: \"l\" linear { units: 5 } } layer { name: \"n\" batch_norm {} }\n"
      "  shortcut { name: \"l\" linear { units: 5 } } shortcut { name: \"n\" batch_norm {} } } }\n"
      "layer { name: \"scores\" linear { units: 3 } }");
  EXPECT_THAT(Layers(graph),
              ElementsAre("a/l: linear < input", "a/shortcut/l: linear < input",
                          "a/shortcut/n: batch_norm < a/shortcut/l",
                          "a/n: batch_norm < a/l, a/shortcut/n", "scores: linear < a/n"));
}

TEST(FuseSums, ALossMayScoreTheSum) {
  const auto graph = Build(
      "layer { name: \"l\" linear { units: 3 } }\n"
      "layer { name: \"a\" residual { layer { name: \"l\" linear { units: 3 } }\n"
      "                               layer { name: \"n\" batch_norm {} } } }",
      "loss { input: \"a\" cross_entropy {} }");
  EXPECT_THAT(Layers(graph),
              ElementsAre("l: linear < input", "a/l: linear < l", "a/n: batch_norm < a/l, l"));
  EXPECT_EQ(graph.losses[0].scores, graph.nodes[2].output);
}

// What a norm gives that has an activation, or that another layer reads, is needed beside the sum.
TEST(FuseSums, ANormAddsOnlyWhatNothingElseNeeds) {
  const std::string end = "layer { name: \"scores\" linear { units: 3 } }";
  const std::string add = "layer { name: \"s\" add {} input: \"n\" input: \"x\" }\n";
  const auto kinds = [](const Graph& graph) {
    std::vector<std::string> all;
    for (const Node& node : graph.nodes) all.emplace_back(node.layer->kind());
    return Join(all);
  };
  EXPECT_EQ(kinds(Build("layer { name: \"x\" linear { units: 6 } }\n"
                        "layer { name: \"n\" batch_norm { activation: RELU } input: \"input\" }\n" +
                        add + end)),
            "linear, batch_norm, add, linear");
  EXPECT_EQ(kinds(Build("layer { name: \"n\" batch_norm {} input: \"input\" }\n"
                        "layer { name: \"x\" linear { units: 6 } }\n" +
                        add + end)),
            "batch_norm, linear, add, linear");
  // Two gradients would go to one place.
  EXPECT_EQ(kinds(Build("layer { name: \"x\" linear { units: 6 } }\n"
                        "layer { name: \"n\" batch_norm {} }\n" +
                        add + end)),
            "linear, batch_norm, add, linear");
  EXPECT_EQ(kinds(Build("layer { name: \"x\" linear { units: 6 } }\n"
                        "layer { name: \"n\" batch_norm {} input: \"input\" }\n" +
                        add + end)),
            "linear, batch_norm, linear");
}

}  // namespace
}  // namespace seve
