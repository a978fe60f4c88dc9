#include <gmock/gmock.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::HasSubstr;

Configuration Set(const std::vector<std::string>& sets) {
  return ParseConfiguration(testing::kComplete, "f", sets);
}

TEST(Override, ReachesAValueInAMessage) {
  EXPECT_FLOAT_EQ(Set({"optimizer.sgd.learning_rate=0.5"}).proto.optimizer().sgd().learning_rate(),
                  0.5f);
  EXPECT_EQ(Set({"epochs=3"}).proto.epochs(), 3);
  EXPECT_EQ(Set({"seed = 18446744073709551615"}).proto.seed(), 18446744073709551615u);
  EXPECT_FALSE(Set({"evaluation.test=FALSE"}).proto.evaluation().test());
  EXPECT_EQ(Set({"data.mnist.folder=a=b"}).proto.data().mnist().folder(), "a=b");
}

TEST(Override, ReachesLayersByNameAndByAutomaticName) {
  const auto configuration =
      Set({"model.hidden.linear.units=100", "model.flatten_1.name=flat", "model.flat.input=input"});
  EXPECT_EQ(configuration.proto.model().layer(1).linear().units(), 100);
  EXPECT_EQ(configuration.proto.model().layer(0).name(), "flat");
  EXPECT_EQ(configuration.proto.model().layer(0).input(0), "input");
}

TEST(Override, EnumerationsAreReadInEitherCase) {
  for (const char* name : {"TANH", "tanh"}) {
    const auto configuration = Set({std::string("model.hidden.linear.activation=") + name});
    EXPECT_EQ(configuration.proto.model().layer(1).linear().activation(), config::TANH);
  }
}

TEST(Override, AnotherAlternativeTakesThePlaceOfTheFirst) {
  const auto configuration = Set({"optimizer.adam.learning_rate=0.01", "steps=100", "loss.hinge="});
  EXPECT_FALSE(configuration.proto.optimizer().has_sgd());
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().adam().learning_rate(), 0.01f);
  EXPECT_FALSE(configuration.proto.has_epochs());
  EXPECT_TRUE(configuration.proto.loss(0).has_hinge());
  EXPECT_FALSE(configuration.proto.loss(0).has_cross_entropy());
}

TEST(Override, AlternativeGivenUpIsForgottenWithItsPlaces) {
  const auto source = Set({"optimizer.adam=", "optimizer.sgd="}).source;
  EXPECT_EQ(source.Where("optimizer.sgd.learning_rate"), "--set optimizer.sgd=");
}

TEST(Override, NothingAndEmptyBracesMakeAnEmptyMessage) {
  for (const char* value : {"", "{}", "{ }"}) {
    const auto configuration = Set({std::string("optimizer.sgd=") + value});
    EXPECT_TRUE(configuration.proto.optimizer().has_sgd());
    EXPECT_FALSE(configuration.proto.optimizer().sgd().has_learning_rate());
  }
}

TEST(Override, BracesHoldTextFormatThatReplacesTheMessage) {
  const auto configuration = Set(
      {"optimizer={ adam { beta1: 0.8 } clip_norm: 1 }", "model.hidden={ linear { units: 30 } }"});
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().adam().beta1(), 0.8f);
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().clip_norm(), 1);
  EXPECT_EQ(configuration.proto.model().layer(1).name(), "hidden");
  EXPECT_EQ(configuration.proto.model().layer(1).linear().units(), 30);
  EXPECT_FALSE(configuration.proto.model().layer(1).linear().has_activation());
}

TEST(Override, ListsGoByIndexWhichTheOnlyElementNeedsNot) {
  EXPECT_FLOAT_EQ(Set({"loss.weight=2"}).proto.loss(0).weight(), 2);
  EXPECT_FLOAT_EQ(Set({"loss[0].weight=3"}).proto.loss(0).weight(), 3);
  const auto two = Set({"loss[1]={ hinge {} }", "loss[1].weight=0.5"});
  ASSERT_EQ(two.proto.loss_size(), 2);
  EXPECT_FLOAT_EQ(two.proto.loss(1).weight(), 0.5f);
  const auto group = Set({"parameters.match=*.bias", "parameters.frozen=true"});
  ASSERT_EQ(group.proto.parameters_size(), 1);
  EXPECT_EQ(group.proto.parameters(0).match(), "*.bias");
}

TEST(Override, WholeListsAreReplaced) {
  const auto configuration = Set({"optimizer.schedule.multi_step.at_epoch=[1]",
                                  "optimizer.schedule.multi_step.at_epoch=[3, 5.5]",
                                  "optimizer.schedule.multi_step.at_epoch[1]=6",
                                  "model.scores.input=[hidden]", "loss={ hinge {} }"});
  const auto& epochs = configuration.proto.optimizer().schedule().multi_step().at_epoch();
  EXPECT_THAT(epochs, ::testing::ElementsAre(3, 6));
  EXPECT_THAT(configuration.proto.model().layer(2).input(), ::testing::ElementsAre("hidden"));
  ASSERT_EQ(configuration.proto.loss_size(), 1);
  EXPECT_TRUE(configuration.proto.loss(0).has_hinge());
}

TEST(Override, LastOneWins) {
  const auto configuration = Set({"epochs=3", "epochs=4"});
  EXPECT_EQ(configuration.proto.epochs(), 4);
  EXPECT_EQ(configuration.source.Where("epochs"), "--set epochs=4");
}

TEST(Override, PlacesNameTheOption) {
  const auto source = Set({"model.hidden.linear.units=9", "optimizer.adam.beta1=0.5"}).source;
  EXPECT_EQ(source.Where("model.hidden.linear.units"), "--set model.hidden.linear.units=9");
  EXPECT_EQ(source.Where("model.hidden.linear.bias"), "f:5:26");
  EXPECT_EQ(source.Where("optimizer.adam.beta2"), "--set optimizer.adam.beta1=0.5");
}

TEST(Override, ImpossibleValueIsFoundByTheSameChecks) {
  EXPECT_EQ(testing::UsageError([] { Set({"model.hidden.linear.units=-1"}); }),
            "--set model.hidden.linear.units=-1: model.hidden.linear.units is -1; it must be "
            "above 0");
}

struct BadSet {
  const char* set;
  const char* expected;  // after "--set <set>: "
};

const BadSet kBadSets[] = {
    {"epochs", "wants PATH=VALUE, for example optimizer.sgd.learning_rate=0.1"},
    {"=3", "'' is no path; write names separated by dots, list elements as name[0]"},
    {"a..b=3", "'a..b' is no path; write names separated by dots, list elements as name[0]"},
    {"loss[x].weight=3",
     "'loss[x].weight' is no path; write names separated by dots, list elements as name[0]"},
    {"epoch=3", "the configuration has no field 'epoch'; did you mean 'epochs'?"},
    {"optimizer.sdg.momentum=0",
     "optimizer (message Optimizer) has no field 'sdg'; did you mean 'sgd'?"},
    {"optimizer.learning_rate=0",
     "optimizer (message Optimizer) has no field 'learning_rate'; it belongs inside sgd { … } or "
     "rmsprop { … } or adam { … } or adamw { … }"},
    {"model.hiden.linear.units=3", "the model has no layer 'hiden'; did you mean 'hidden'?"},
    {"model.hidden.rate=3",
     "hidden (message Layer) has no field 'rate'; it belongs inside dropout { … }"},
    {"model.hidden.linear.weight_initializer.he.distribution=NORMEL",
     "'distribution' wants one of UNIFORM, NORMAL, not 'NORMEL'; did you mean 'NORMAL'?"},
    {"epochs=many", "'epochs' wants a whole number, not 'many'"},
    {"epochs=", "'epochs' wants a whole number, not nothing"},
    {"epochs=1e2", "'epochs' wants a whole number, not '1e2'"},
    {"batch.size=3000000000",
     "'size' wants a whole number of at most 2147483647, not '3000000000'"},
    {"seed=-1", "'seed' wants a whole number that is not negative, not '-1'"},
    {"optimizer.sgd.momentum=0.9x", "'momentum' wants a number, not '0.9x'"},
    {"optimizer.sgd.nesterov=perhaps", "'nesterov' wants true or false, not 'perhaps'"},
    {"loss.hinge=1", "'hinge' wants { … } with fields among margin, not '1'"},
    {"loss.hinge={ marin: 2 }", "message Hinge has no field 'marin'; did you mean 'margin'?"},
    {"epochs.sgd=3", "'epochs' holds a value: nothing like 'sgd' lies below it"},
    {"epochs[0]=3", "'epochs' is no list: leave out the [0]"},
    {"optimizer[0].sgd=", "'optimizer' is no list: leave out the [0]"},
    {"loss[3].weight=1", "there is no loss[3]: 'loss' has 1 element, counted from 0"},
    {"loss[2]={}", "there is no loss[2]: 'loss' has 1 element, counted from 0"},
    {"base=other.textproto", "'base' can only be given in a file: name another file instead"},
};

TEST(Override, MistakesNameTheOptionAndTheRemedy) {
  for (const auto& [set, expected] : kBadSets) {
    EXPECT_EQ(testing::UsageError([&] { Set({set}); }),
              std::string("--set ") + set + ": " + expected);
  }
}

TEST(Override, OneOfSeveralElementsMustBeSaid) {
  EXPECT_EQ(testing::UsageError([] {
              Set({"loss[1]={ hinge {} }", "loss.weight=2"});
            }),
            "--set loss.weight=2: there are 2 of 'loss': say which, loss[0] to loss[1]");
}

}  // namespace
}  // namespace seve
