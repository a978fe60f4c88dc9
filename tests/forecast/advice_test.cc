#include "forecast/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "forecast/plain_training.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Advice* Find(const std::vector<Advice>& advice, const std::string& configuration) {
  const auto found = std::ranges::find(advice, configuration, &Advice::configuration);
  return found == advice.end() ? nullptr : &*found;
}

TEST(Advice, GivesEachGainWithItsLine) {
  const auto advice = AdviceFor(PlainHosts(), PlainProfile(), PlainOptions(), 2, 16);
  const Advice* wire = Find(advice, "reduction { wire: BF16 }");
  ASSERT_NE(wire, nullptr);
  EXPECT_NEAR(wire->gain, 7 / 6.5 - 1, 0.01);  // half a second less after backward
  EXPECT_NEAR(wire->forecast.step, 6.5, kClose);
  EXPECT_THAT(wire->price, Not(IsEmpty()));
  EXPECT_TRUE(std::ranges::is_sorted(advice, std::greater(), &Advice::gain));
  for (const Advice& one : advice) EXPECT_GE(one.gain, kLeastGain) << one.change;
}

// Each doubling of passes of 6 s behind which 1 s is exposed: 7 s; 13 s for two; 25 for four, 4 %
// more than two; 49 for eight, 2 %; the step from eight to 16 gains 1 %.
TEST(Advice, AccumulatesUntilDoublingGainsLittle) {
  const auto advice = AdviceFor(PlainFabric(), PlainProfile(), PlainOptions(), 2, 16);
  const Advice* more = Find(advice, "batch { size: 128 micro_batches: 16 }");
  ASSERT_NE(more, nullptr);
  EXPECT_NEAR(more->gain, 8 * 7 / 49.0 - 1, 0.01);
}

TEST(Advice, CutsBucketsAnew) {
  StepProfile profile = PlainProfile();
  profile.slices.clear();
  for (int i = 1; i <= 100; ++i) profile.slices.push_back({30e6, i / 100.0});
  StepOptions options = PlainOptions();
  options.bucket_mib = 100000;  // one bucket after the first: all is exposed
  const auto advice = AdviceFor(PlainFabric(), profile, options, 2, 16);
  const auto cut = std::ranges::find_if(advice, [](const Advice& one) {
    return one.configuration.starts_with("reduction { bucket_mib: ");
  });
  ASSERT_NE(cut, advice.end());
  EXPECT_GT(cut->gain, 0.3);
}

TEST(Advice, ShardsAnOptimizerThatTakesLong) {
  StepProfile profile = PlainProfile();
  for (MeasuredStep& step : profile.steps) step.optimizer = 6;
  const auto advice = AdviceFor(PlainHosts(), profile, PlainOptions(), 2, 16);
  const Advice* shard = Find(advice, "distribution: ZERO_1");
  ASSERT_NE(shard, nullptr);
  EXPECT_NEAR(shard->gain, 13.0 / 11 - 1, 0.01);  // 6 + 6 + 1 s before; 6 + 3 + 0.5 + 1.5 s with it
}

// Nothing is rounded where memory is read.
TEST(Advice, OffersNoWireWithinAHost) {
  Fabric host = PlainHosts();
  EXPECT_NE(
      Find(AdviceFor(host, PlainProfile(), PlainOptions(), 2, 16), "reduction { wire: BF16 }"),
      nullptr);
  host.ranks_per_node = 2;
  EXPECT_EQ(
      Find(AdviceFor(host, PlainProfile(), PlainOptions(), 2, 16), "reduction { wire: BF16 }"),
      nullptr);
}

TEST(Advice, IsNoneForOneRankOrWhatIsSetAlready) {
  EXPECT_THAT(AdviceFor(PlainFabric(), PlainProfile(), PlainOptions(), 1, 16), IsEmpty());
  StepOptions options = PlainOptions();
  options.wire = WireType::kBf16;
  for (const Advice& one : AdviceFor(PlainHosts(), PlainProfile(), options, 2, 16)) {
    EXPECT_THAT(one.configuration, Not(HasSubstr("BF16")));
  }
}

}  // namespace
}  // namespace seve
