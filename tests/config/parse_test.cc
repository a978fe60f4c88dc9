#include <gmock/gmock.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct BadText {
  const char* what;
  const char* text;
  const char* expected;  // the whole message
};

// Lines and columns were counted by hand from 1.
const BadText kBadTexts[] = {
    {"UnknownFieldAtTheTop", "data { mnist {} }\noptimiser { sgd {} }",
     "f:2:1: the configuration has no field 'optimiser'; did you mean 'optimizer'?"},
    {"UnknownFieldWithColonAtADistance", "model { layer { linear {\n  unit   : 3 } } }",
     "f:2:3: linear (message Linear) has no field 'unit'; did you mean 'units'?"},
    {"UnknownFieldWithItsBraceOnTheNextLine", "optimizer {\n  sgdd\n  {} }",
     "f:2:3: optimizer (message Optimizer) has no field 'sgdd'; did you mean 'sgd'?"},
    {"UnknownFieldAtTheEnd", "epochs: 3 epoch",
     "f:1:11: the configuration has no field 'epoch'; did you mean 'epochs'?"},
    {"FieldOfAnAlternativeIsSentThere", "optimizer { momentum: 0.9 }",
     "f:1:13: optimizer (message Optimizer) has no field 'momentum'; it belongs inside "
     "sgd { … } or rmsprop { … }"},
    {"FieldInAMessageWithoutAny", "model { layer { flatten { axis: 1 } } }",
     "f:1:27: flatten (message Flatten) has no field 'axis'; it has none: flatten (message "
     "Flatten) takes no settings"},
    {"NothingNearListsAllFields", "batch { quux: 3 }",
     "f:1:9: batch (message BatchSettings) has no field 'quux'; known: size, size_per_rank, "
     "micro_batches, sync_batch_norm"},
    {"TextForAWholeNumber", "batch { size: \"x\" }",
     "f:1:15: 'size' wants a whole number of at most 2147483647, not \"x\""},
    {"FractionForAWholeNumber", "epochs: 1.5", "f:1:9: 'epochs' wants a whole number, not 1.5"},
    {"TooLargeAWholeNumber", "batch { size: 3000000000 }",
     "f:1:15: 'size' wants a whole number of at most 2147483647, not 3000000000"},
    {"NegativeSeed", "seed: -1", "f:1:7: 'seed' wants a whole number that is not negative, not -1"},
    {"WordForANumber", "optimizer { sgd { learning_rate: fast } }",
     "f:1:34: 'learning_rate' wants a number, not fast"},
    {"WordForTruth", "evaluation { test: maybe }", "f:1:20: 'test' wants true or false, not maybe"},
    {"NumberForText", "base: 3", "f:1:7: 'base' wants text in quotes, not 3"},
    {"UnknownEnumeration", "evaluation { on: RANK0 batch_size: 3 }",
     "f:1:18: 'on' wants one of ALL_RANKS, RANK_0, not RANK0; did you mean 'RANK_0'?"},
    {"EnumerationInLowerCase", "evaluation { on: rank_0 }",
     "f:1:18: 'on' wants one of ALL_RANKS, RANK_0, not rank_0; did you mean 'RANK_0'?"},
    {"EnumerationWithoutNearName", "evaluation { on: everywhere }",
     "f:1:18: 'on' wants one of ALL_RANKS, RANK_0, not everywhere"},
    {"ValueForAMessage", "optimizer { sgd: 0.1 }",
     "f:1:18: 'sgd' wants { … } with fields among learning_rate, momentum, nesterov, "
     "weight_decay, not 0.1"},
    {"MissingColon", "epochs 10", "f:1:1: 'epochs' needs a ':' before its value"},
    {"MissingValue", "batch { size: }",
     "f:1:15: 'size' wants a whole number of at most 2147483647, not }"},
    {"BadElementOfAList", "optimizer { schedule { multi_step { at_epoch: [1, two] } } }",
     "f:1:51: 'at_epoch' wants a number, not two"},
    {"FieldGivenTwice", "epochs: 3\nseed: 1\nepochs: 4",
     "f:3:1: 'epochs' is given twice, first at f:1:1; keep one"},
    {"MessageGivenTwice", "batch { size: 3 }\nbatch { micro_batches: 2 }",
     "f:2:1: 'batch' is given twice, first at f:1:1; keep one"},
    {"TwoAlternatives", "optimizer {\n  sgd {}\n  adam {}\n}",
     "f:3:3: 'adam' and 'sgd' (at f:2:3) exclude each other: keep one of them"},
    {"TwoLengths", "epochs: 3 steps: 100",
     "f:1:11: 'steps' and 'epochs' (at f:1:1) exclude each other: keep one of them"},
    {"UnclosedBrace", "data { mnist {} }\nmodel {\n  layer { flatten {} }\n",
     "f:2:1: the '{' of 'model' is never closed: add a '}'"},
    {"SuperfluousBrace", "data { mnist {} }\n}", "f:2:1: a '}' too many: nothing is open here"},
    {"NumberInsteadOfAName", "batch { size: 3 4 }",
     "f:1:17: expected the name of a field, found '4'"},
    {"ColumnsCountCharactersNotBytes", "loss { input: \"été\" xyzzy: 3 }",
     "f:1:21: loss (message Loss) has no field 'xyzzy'; known: input, target, weight, "
     "cross_entropy, hinge, mean_squared_error"},
    {"TabsAreOneColumn", "\tepoch: 3",
     "f:1:2: the configuration has no field 'epoch'; did you mean 'epochs'?"},
    {"CommentsAreNotRead", "# epoch: 3 {\n batch { sizes: 3 } # }",
     "f:2:10: batch (message BatchSettings) has no field 'sizes'; did you mean 'size'?"},
    {"TwoLayersOfOneName",
     "model {\n  layer { name: \"a\" relu {} }\n  layer { name: \"a\" tanh {} }\n}",
     "f:3:11: two layers are called 'a', the first at f:2:11; rename one"},
};

class BadTexts : public ::testing::TestWithParam<BadText> {};

TEST_P(BadTexts, AreRefusedWithPlaceAndRemedy) {
  EXPECT_EQ(testing::UsageError([] { ParseConfiguration(GetParam().text, "f", {}); }),
            GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Parse, BadTexts, ::testing::ValuesIn(kBadTexts),
                         [](const auto& info) { return std::string(info.param.what); });

TEST(Parse, UnterminatedTextIsRefusedWhereItsLineEnds) {
  EXPECT_THAT(testing::UsageError([] { ParseConfiguration("base: \"a\nseed: 3", "f", {}); }),
              StartsWith("f:1:9: "));
}

// Whatever is cut off or left out: it loads, or a usage error names the file.
void ExpectLoadsOrIsRefused(const std::string& text) {
  try {
    ParseConfiguration(text, "f", {});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), StartsWith("f:"));
  }
}

TEST(Parse, EveryPrefixLoadsOrIsRefused) {
  const std::string text = testing::kComplete;
  for (size_t i = 0; i < text.size(); ++i) ExpectLoadsOrIsRefused(text.substr(0, i));
}

TEST(Parse, EverySingleMissingOrWrongCharacterLoadsOrIsRefused) {
  const std::string text = testing::kComplete;
  for (size_t i = 0; i < text.size(); ++i) {
    ExpectLoadsOrIsRefused(text.substr(0, i) + text.substr(i + 1));
    for (const char wrong : {'{', '}', '[', ']', '<', '>', ':', ',', '"', '#', '3', '\0', '\xff'}) {
      std::string spoilt = text;
      spoilt[i] = wrong;
      ExpectLoadsOrIsRefused(spoilt);
    }
  }
}

TEST(Parse, ReadsTheExampleOfTheReference) {
  const auto configuration = ParseConfiguration(testing::kComplete, "f", {});
  EXPECT_TRUE(configuration.proto.data().has_mnist());
  EXPECT_EQ(configuration.proto.batch().size(), 64);
  EXPECT_EQ(configuration.proto.model().layer(1).linear().units(), 200);
  EXPECT_EQ(configuration.proto.model().layer(1).linear().activation(), config::RELU);
  EXPECT_TRUE(configuration.proto.loss(0).has_cross_entropy());
  EXPECT_FLOAT_EQ(configuration.proto.optimizer().sgd().learning_rate(), 0.1f);
  EXPECT_EQ(configuration.proto.epochs(), 10);
  EXPECT_FALSE(configuration.proto.has_seed());
}

TEST(Parse, EveryFieldHasAPlaceByLayerName) {
  const auto source = ParseConfiguration(testing::kComplete, "f", {}).source;
  EXPECT_EQ(source.Where("model.hidden.linear.units"), "f:5:35");
  EXPECT_EQ(source.Where("model.flatten_1"), "f:4:3");
  EXPECT_EQ(source.Where("optimizer.sgd.learning_rate"), "f:9:19");
  EXPECT_EQ(source.Where("loss[0].cross_entropy"), "f:8:8");
  EXPECT_EQ(source.Where("epochs"), "f:10:1");
}

TEST(Parse, FieldsNobodyGaveLieWhereTheirMessageDoes) {
  const auto source = ParseConfiguration(testing::kComplete, "f", {}).source;
  EXPECT_EQ(source.Where("optimizer.sgd.momentum"), "f:9:13");
  EXPECT_EQ(source.Where("loss[0].input"), "f:8:1");
  EXPECT_EQ(source.Where("model.hidden.linear.weight_initializer.he"), "f:5:26");
  EXPECT_EQ(source.Where("checkpoints.keep"), "f");
}

TEST(Parse, ElementsOfAListLieWhereTheListDoes) {
  const auto source =
      ParseConfiguration(testing::With("epochs: 10",
                                       "parameters { match: \"*.bias\" }\n"
                                       "parameters { match: \"*\" frozen: true }\nepochs: 10"),
                         "f", {})
          .source;
  EXPECT_EQ(source.Where("parameters[1].match"), "f:11:14");
  EXPECT_EQ(source.Where("parameters[1].weight_decay"), "f:11:1");
}

TEST(Parse, BracketedListsOfMessagesHaveThePlaceOfTheList) {
  const std::string text = testing::With("loss { cross_entropy {} }",
                                         "loss: [ { hinge {} },\n { weight: -1 hinge {} } ]");
  EXPECT_EQ(testing::UsageError([&] { ParseConfiguration(text, "f", {}); }),
            "f:9:4: loss[1].weight is -1; it must be at least 0");
  const std::string misspelt = testing::With("loss { cross_entropy {} }",
                                             "loss: [ { hinge {} },\n { hinge { marge: 1 } } ]");
  EXPECT_EQ(testing::UsageError([&] { ParseConfiguration(misspelt, "f", {}); }),
            "f:9:12: hinge (message Hinge) has no field 'marge'; did you mean 'margin'?");
}

class ConfigurationFiles : public testing::InFolder {};

TEST_F(ConfigurationFiles, MissingOneIsNamedWithNearNames) {
  Write("mnist_mlp.textproto", testing::kComplete);
  const std::string path = (folder_ / "mnist_mpl.textproto").string();
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(path, {}); }),
            path + ": no such file; did you mean 'mnist_mlp.textproto'?");
}

TEST_F(ConfigurationFiles, FolderIsRefused) {
  EXPECT_EQ(testing::UsageError([&] { LoadConfiguration(folder_.string(), {}); }),
            folder_.string() + ": is a folder, not a configuration file");
}

TEST_F(ConfigurationFiles, EmptyOneMissesEveryPartAtOnce) {
  const std::string path = Write("empty.textproto", "");
  const std::string error = testing::UsageError([&] { LoadConfiguration(path, {}); });
  for (const char* part :
       {"'data'", "'batch'", "'model'", "'loss'", "'optimizer'", "'epochs' or 'steps'"}) {
    EXPECT_THAT(error, HasSubstr(path + ": no " + part + " is given; for example: "));
  }
  EXPECT_THAT(error, Not(HasSubstr(":0:")));
}

}  // namespace
}  // namespace seve
