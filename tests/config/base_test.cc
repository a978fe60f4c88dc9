#include <gmock/gmock.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

class Base : public testing::InFolder {
 protected:
  Configuration Load(const std::string& child) {
    base_ = Write("base.textproto", testing::kComplete);
    child_ = Write("child.textproto", "base: \"base.textproto\"\n" + child);
    return LoadConfiguration(child_, {});
  }

  std::string base_;
  std::string child_;
};

TEST_F(Base, FieldsOverrideOneByOne) {
  const auto configuration = Load("optimizer { sgd { momentum: 0.9 } }\nseed: 7");
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().sgd().learning_rate(), 0.1f);
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().sgd().momentum(), 0.9f);
  EXPECT_EQ(configuration.proto.seed(), 7u);
  EXPECT_EQ(configuration.proto.epochs(), 10);
  EXPECT_FALSE(configuration.proto.has_base());
}

TEST_F(Base, PlacesPointIntoTheFileThatGaveTheValue) {
  const auto source = Load("optimizer { sgd { momentum: 0.9 } }").source;
  EXPECT_EQ(source.Where("optimizer.sgd.momentum"), child_ + ":2:19");
  EXPECT_EQ(source.Where("optimizer.sgd.learning_rate"), base_ + ":9:19");
  EXPECT_EQ(source.Where("model.scores.linear.units"), base_ + ":6:35");
}

TEST_F(Base, AnotherAlternativeReplacesTheWholeOfTheFirst) {
  const auto configuration = Load("optimizer { adam {} }\nsteps: 500");
  EXPECT_TRUE(configuration.proto.optimizer().has_adam());
  EXPECT_FALSE(configuration.proto.optimizer().has_sgd());
  EXPECT_EQ(configuration.proto.steps(), 500);
  EXPECT_FALSE(configuration.proto.has_epochs());
  EXPECT_EQ(configuration.source.Where("optimizer.sgd.learning_rate"), child_ + ":2:1");
}

TEST_F(Base, LayerOfEqualNameReplacesInPlaceAndWholly) {
  const auto configuration = Load("model { layer { name: \"hidden\" linear { units: 50 } } }");
  const auto& model = configuration.proto.model();
  ASSERT_EQ(model.layer_size(), 3);
  EXPECT_EQ(model.layer(1).name(), "hidden");
  EXPECT_EQ(model.layer(1).linear().units(), 50);
  EXPECT_FALSE(model.layer(1).linear().has_activation());
  EXPECT_EQ(configuration.source.Where("model.hidden.linear.units"), child_ + ":2:41");
  EXPECT_EQ(configuration.source.Where("model.hidden.linear.activation"), child_ + ":2:32");
}

TEST_F(Base, UnnamedLayerIsReplacedByItsAutomaticName) {
  const auto configuration = Load("model { layer { name: \"flatten_1\" relu {} } }");
  ASSERT_EQ(configuration.proto.model().layer_size(), 3);
  EXPECT_TRUE(configuration.proto.model().layer(0).has_relu());
}

TEST_F(Base, OtherLayersAreAppended) {
  const auto configuration = Load("model { layer { name: \"more\" relu {} } layer { relu {} } }");
  EXPECT_EQ(LayerNames(configuration.proto.model()),
            (std::vector<std::string>{"flatten_1", "hidden", "scores", "more", "relu_1"}));
  EXPECT_EQ(configuration.source.Where("model.relu_1.relu"), child_ + ":2:48");
}

TEST_F(Base, DefinitionsAreReplacedByName) {
  Write("defining.textproto",
        testing::With("layer { flatten {} }",
                      "define { name: \"a\" relu {} } define { name: \"b\" use: \"a\" }\n"
                      "layer { flatten {} } layer { use: \"b\" }"));
  const auto child = Write("child.textproto",
                           "base: \"defining.textproto\"\nmodel {\n"
                           "define { name: \"a\" tanh {} } define { name: \"c\" elu {} } }");
  const auto configuration = LoadConfiguration(child, {});
  const auto& model = configuration.proto.model();
  ASSERT_EQ(model.define_size(), 3);
  EXPECT_TRUE(model.define(0).has_tanh());
  EXPECT_EQ(model.define(1).use(), "a");
  EXPECT_EQ(model.define(2).name(), "c");
  EXPECT_EQ(configuration.source.Where("model.b_1"), child + ":3:1");
  EXPECT_EQ(configuration.source.Where("model.c.elu"), child + ":3:49");
}

TEST_F(Base, LossReplacesTheListWholly) {
  const auto configuration = Load("loss { hinge {} }");
  ASSERT_EQ(configuration.proto.loss_size(), 1);
  EXPECT_TRUE(configuration.proto.loss(0).has_hinge());
  EXPECT_FALSE(configuration.proto.loss(0).has_cross_entropy());
  EXPECT_EQ(configuration.source.Where("loss[0].cross_entropy"), child_ + ":2:1");
}

TEST_F(Base, BasesMayHaveBasesInOtherFolders) {
  Write("base.textproto", testing::kComplete);
  Write("deeper/middle.textproto", "base: \"../base.textproto\" seed: 1 epochs: 3");
  const auto top = Write("top.textproto", "base: \"deeper/middle.textproto\" seed: 2");
  const auto configuration = LoadConfiguration(top, {});
  EXPECT_EQ(configuration.proto.seed(), 2u);
  EXPECT_EQ(configuration.proto.epochs(), 3);
  EXPECT_EQ(configuration.proto.batch().size(), 64);
}

TEST_F(Base, CircleNamesTheChain) {
  const auto a = Write("a.textproto", "base: \"b.textproto\"");
  const auto b = Write("b.textproto", "seed: 1\nbase: \"./a.textproto\"");
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(a, {}); }),
            b + ":2:1: base: these files are based on each other in a circle: " + a + " -> " + b +
                " -> " + a);
}

TEST_F(Base, FileThatIsItsOwnBaseIsACircle) {
  const auto a = Write("a.textproto", "base: \"a.textproto\"");
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(a, {}); }),
            a + ":1:1: base: these files are based on each other in a circle: " + a + " -> " + a);
}

TEST_F(Base, MissingOneIsReportedWhereItIsAskedFor) {
  const auto a = Write("a.textproto", "\n  base: \"c.textproto\"");
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(a, {}); }),
            a + ":2:3: base: " + (folder_ / "c.textproto").string() +
                ": no such file; did you mean 'a.textproto'?");
}

TEST_F(Base, MistakeInItIsReportedThere) {
  const auto base = Write("base.textproto", "epoch: 3");
  const auto child = Write("child.textproto", "base: \"base.textproto\"");
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(child, {}); }),
            base + ":1:1: the configuration has no field 'epoch'; did you mean 'epochs'?");
}

}  // namespace
}  // namespace seve
