// Networks of convolutions written with definitions, as a user writes them.
#include <gtest/gtest.h>

#include <set>

#include "model/parameter_layout.h"

namespace seve {
namespace {

constexpr const char* kResidual51 = R"(
data { mnist {} }
batch { size: 64 }
model {
  define { name: "res" residual { activation: RELU
    layer { conv2d { channels: 100 kernel: 3 padding: 1 norm: BATCH activation: RELU } }
    layer { conv2d { channels: 100 kernel: 3 padding: 1 norm: BATCH } } } }
  layer { name: "stem" conv2d { channels: 100 kernel: 3 padding: 1 norm: BATCH activation: RELU } }
  layer { name: "a" use: "res" }  layer { max_pool { size: 2 } }
  layer { name: "b" use: "res" }  layer { max_pool { size: 2 } }
  layer { name: "c" use: "res" repeat: 23 }
  layer { flatten {} }  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { weight_decay: 0.5 } decayed: WEIGHTS }
epochs: 1
)";

// Of pictures of 3 x 32 x 32 and 10 classes.
Graph GraphOf(const Configuration& configuration) {
  const std::vector<FieldSpec> fields = {{"input", DType::kFloat32, Shape{3, 32, 32}},
                                         {"target", DType::kInt32, Shape{}}};
  return BuildGraph(configuration, fields, 10);
}

TEST(CompositeLayers, OfANetworkOf51ConvolutionsHaveItsParameters) {
  const auto configuration = ParseConfiguration(kResidual51, "lab5", {});
  const Graph graph = GraphOf(configuration);
  EXPECT_EQ(graph.nodes.size(), 106u);  // the sums are no layers of their own
  const auto layout = LayOutParameters(graph, configuration, 0.5f);
  EXPECT_EQ(layout.Count(), 4'582'010);
  for (const auto& parameter : layout.parameters) {
    const bool decays = parameter.spec.shape.rank() >= 2;
    EXPECT_EQ(parameter.weight_decay, decays ? 0.5f : 0.0f) << parameter.name;
  }
}

TEST(CompositeLayers, OfANetworkOf7ConvolutionsDifferInOneNumber) {
  const auto configuration = ParseConfiguration(kResidual51, "lab5", {"model.c.repeat=1"});
  const auto layout = LayOutParameters(GraphOf(configuration), configuration, 0);
  std::set<std::string> names;
  for (const auto& parameter : layout.parameters) names.insert(parameter.name);
  for (const char* name : {"stem.weight", "stem.bias", "stem/norm.weight", "a/conv2d_1.weight",
                           "a/conv2d_2/norm.bias", "c/1/conv2d_2.weight", "scores.bias"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_EQ(layout.Count(), 4'582'010 - 22 * 2 * (100 * 100 * 9 + 100 + 200));
}

}  // namespace
}  // namespace seve
