#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

void ExpectRoundTrip(const config::Config& config) {
  const std::string text = ResolvedText(config);
  const auto again = ParseConfiguration(text, "resolved", {}).proto;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(config, again)) << text;
}

TEST(ResolvedText, ReadsBackToTheSameMessage) {
  ExpectRoundTrip(ParseConfiguration(testing::kComplete, "f", {}).proto);
}

TEST(ResolvedText, KeepsEveryBitOfNumbersAndText) {
  ExpectRoundTrip(
      ParseConfiguration(testing::kComplete, "f",
                         {"optimizer.sgd.learning_rate=0.30000001192092896",
                          "data.validation_fraction=0.1428571428571428",
                          "optimizer.schedule.multi_step.at_epoch=[0.1, 0.30000000000000004]",
                          "optimizer.sgd.weight_decay=1e-42", "seed=18446744073709551615",
                          "data.mnist.folder=\"dos\\sier/été \"x\" 'y'\""})
          .proto);
}

TEST(ResolvedText, LeavesUnsetWhatWasUnset) {
  const auto config = ParseConfiguration(testing::kComplete, "f", {}).proto;
  const std::string text = ResolvedText(config);
  for (const char* field : {"seed", "momentum", "bias", "validation_fraction", "evaluation",
                            "device", "precision", "gpu"}) {
    EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr(field)));
  }
}

TEST(ResolvedText, HasNoBase) {
  auto config = ParseConfiguration(testing::kComplete, "f", {}).proto;
  config.set_base("elsewhere.textproto");
  EXPECT_THAT(ResolvedText(config), ::testing::Not(::testing::HasSubstr("base")));
}

}  // namespace
}  // namespace seve
