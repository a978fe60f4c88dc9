#include "config/differences.h"

#include <gmock/gmock.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;

// "path: value | value" of two texts.
std::vector<std::string> DifferencesBetween(const std::string& one, const std::string& other) {
  const std::vector<config::Config> configs = {ParseConfiguration(one, "one", {}).proto,
                                               ParseConfiguration(other, "other", {}).proto};
  std::vector<std::string> lines;
  for (const Difference& difference : Differences(configs)) {
    lines.push_back(difference.path + ": " + difference.values.at(0) + " | " +
                    difference.values.at(1));
  }
  return lines;
}

// Of a complete configuration and the same with something instead of something else.
std::vector<std::string> After(const std::string& old_text, const std::string& new_text) {
  return DifferencesBetween(testing::kComplete, testing::With(old_text, new_text));
}

// Of a complete configuration and the same with something more.
std::vector<std::string> With(const std::string& more) {
  return DifferencesBetween(testing::kComplete, testing::kComplete + more);
}

TEST(Differences, AreNoneBetweenEqualConfigurations) { EXPECT_THAT(With(""), ElementsAre()); }

TEST(Differences, TakeAFieldThatIsNotGivenForItsDefault) {
  EXPECT_THAT(With("seed: 42"), ElementsAre());
  EXPECT_THAT(After("learning_rate: 0.1", "learning_rate: 0.1 momentum: 0"), ElementsAre());
  EXPECT_THAT(With("seed: 7"), ElementsAre("seed: 42 | 7"));
}

TEST(Differences, NameFieldsAsOverridesDo) {
  EXPECT_THAT(After("units: 200", "units: 30"), ElementsAre("model.hidden.linear.units: 200 | 30"));
  EXPECT_THAT(After("learning_rate: 0.1", "learning_rate: 0.2"),
              ElementsAre("optimizer.sgd.learning_rate: 0.1 | 0.2"));
  EXPECT_THAT(After("loss { cross_entropy {} }", "loss { cross_entropy {} weight: 2 }"),
              ElementsAre("loss[0].weight: 1 | 2"));
}

TEST(Differences, ShowWhatOnlyOneHas) {
  EXPECT_THAT(With("early_stopping {}"), ElementsAre("early_stopping: - | {}"));
  EXPECT_THAT(With("evaluation { metrics: 'f1' }"),
              ElementsAre("evaluation.metrics: - | [\"f1\"]"));
  EXPECT_THAT(After("epochs: 10", "steps: 10"), ElementsAre("steps: - | 10", "epochs: 10 | -"));
  EXPECT_THAT(After("mnist {}", "digits {}"),
              ElementsAre("data.digits: - | {}", "data.mnist: {} | -"));
}

TEST(Differences, LookIntoCompositeLayersAndDefinitions) {
  const std::string one =
      "define { name: 'd' block { layer { linear { units: 9 } } } }\nlayer { flatten {} } "
      "layer { name: 'c' use: 'd' repeat: 2 }";
  const std::string other =
      "define { name: 'd' block { layer { linear { units: 8 } } } }\nlayer { flatten {} } "
      "layer { name: 'c' use: 'd' }";
  EXPECT_THAT(DifferencesBetween(testing::With("layer { flatten {} }", one),
                                 testing::With("layer { flatten {} }", other)),
              ElementsAre("model.c.repeat: 2 | 1", "model.d.block.layer[0].linear.units: 9 | 8"));
}

TEST(Differences, ShowAnotherOrderOfLayers) {
  const std::string first = "layer { flatten {} }\n", second = "layer { dropout {} }\n";
  EXPECT_THAT(DifferencesBetween(testing::With("layer { flatten {} }", first + second),
                                 testing::With("layer { flatten {} }", second + first)),
              ElementsAre("model: flatten_1, dropout_1, hidden, scores | dropout_1, flatten_1, "
                          "hidden, scores"));
}

}  // namespace
}  // namespace seve
