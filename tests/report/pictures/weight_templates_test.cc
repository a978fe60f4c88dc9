#include "report/pictures/weight_templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "data/image_dataset.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kScores = "layer { name: \"scores\" linear { units: 3 } }\n";

// A model on pictures, and which of its layers have templates.
struct Model {
  explicit Model(const std::string& layers, const Shape& picture = {1, 4, 5})
      : configuration(SmallConfiguration(layers)),
        graph(BuildGraph(configuration, PictureFields(picture), 3)),
        layout(LayOutParameters(graph, configuration, 0)),
        templates(TemplateLayers(graph, layout)) {}

  [[nodiscard]] std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& layer : templates) names.push_back(layer.name);
    return names;
  }

  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  std::vector<TemplateLayer> templates;
};

TEST(TemplateLayers, AreThoseThatReadThePictureThroughViews) {
  const Model model(
      "layer { flatten {} }\n"
      "layer { reshape { shape: [20] } }\n"
      "layer { name: \"hidden\" linear { units: 7 } }\n" +
      std::string(kScores));
  ASSERT_THAT(model.Names(), ElementsAre("hidden"));
  EXPECT_EQ(model.templates[0].units, 7);
  EXPECT_EQ(model.templates[0].picture, (Shape{1, 4, 5}));
  EXPECT_FALSE(model.templates[0].scored);
}

// Flattening moves these, but to the order that templates are drawn in.
TEST(TemplateLayers, AreThoseThatReadAPictureOfColours) {
  const Model model("layer { flatten {} }\n" + std::string(kScores), {3, 4, 5});
  EXPECT_THAT(model.Names(), ElementsAre("scores"));
}

TEST(TemplateLayers, KnowWhichOneIsScored) {
  const Model model("layer { flatten {} }\n" + std::string(kScores), {3, 4, 5});
  ASSERT_THAT(model.Names(), ElementsAre("scores"));
  EXPECT_TRUE(model.templates[0].scored);
}

TEST(TemplateLayers, HaveARowForEachPieceOfMaxout) {
  const Model model(
      "layer { flatten {} }\nlayer { name: \"hidden\" maxout { units: 4 pieces: 3 } }\n" +
      std::string(kScores));
  ASSERT_THAT(model.Names(), ElementsAre("hidden"));
  EXPECT_EQ(model.templates[0].units, 4);
  EXPECT_EQ(model.templates[0].pieces, 3);
}

TEST(TemplateLayers, AreTheFiltersOfAConvolutionOfThePicture) {
  const Model model(
      "layer { name: \"filters\" conv2d { channels: 6 kernel: 3 } }\n"
      "layer { conv2d { channels: 2 kernel: 1 } }\n"
      "layer { flatten {} }\n" +
          std::string(kScores),
      {3, 4, 5});
  ASSERT_THAT(model.Names(), ElementsAre("filters"));
  EXPECT_EQ(model.templates[0].picture, (Shape{3, 3, 3}));
  EXPECT_EQ(model.templates[0].units, 6);
}

TEST(TemplateLayers, AreNotThoseBehindWhatChangesThePicture) {
  const Model model("layer { flatten {} }\nlayer { tanh {} }\n" + std::string(kScores));
  EXPECT_THAT(model.Names(), IsEmpty());
}

TEST(TemplateLayers, NeedAPicture) {
  const auto scores = "layer { flatten {} }\n" + std::string(kScores);
  EXPECT_THAT(Model(scores, {2, 4, 5}).Names(), IsEmpty());
  EXPECT_THAT(Model(scores, {20}).Names(), IsEmpty());
}

TEST(WeightTemplates, AreDrawnOfManyUnitsAndOfWeightsThatAreNotFinite) {
  const Model model("layer { flatten {} }\nlayer { name: \"hidden\" linear { units: 300 } }\n" +
                    std::string(kScores));
  std::vector<float> weights(300 * 20, std::numeric_limits<float>::quiet_NaN());
  weights[3] = std::numeric_limits<float>::infinity();
  weights[4] = 1;
  const auto figure = WeightTemplates(model.templates[0], weights, {}, "step 1");
  EXPECT_GT(PngBytes(*figure).size(), 100u);
}

}  // namespace
}  // namespace seve
