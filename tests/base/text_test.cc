#include "base/text.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(Text, NumbersAreGroupedInThousands) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(1000), "1,000");
  EXPECT_EQ(WithThousands(159010), "159,010");
  EXPECT_EQ(WithThousands(-1234567), "-1,234,567");
}

TEST(Text, BytesTakeTheUnitThatFits) {
  EXPECT_EQ(HumanBytes(0), "0 B");
  EXPECT_EQ(HumanBytes(1023), "1023 B");
  EXPECT_EQ(HumanBytes(652288), "637.0 KiB");
  EXPECT_EQ(HumanBytes(1024.0 * 1024 * 1024), "1.0 GiB");
}

TEST(Text, DurationsReadLikeSpeech) {
  EXPECT_EQ(HumanSeconds(12.34), "12.3 s");
  EXPECT_EQ(HumanSeconds(125.4), "2 min 05 s");
  EXPECT_EQ(HumanSeconds(3725.4), "1 h 02 min 05 s");
}

TEST(Text, TimeLeftReadsLikeAClock) {
  EXPECT_EQ(ClockTime(0), "0:00");
  EXPECT_EQ(ClockTime(12.4), "0:12");
  EXPECT_EQ(ClockTime(59.6), "1:00");
  EXPECT_EQ(ClockTime(3725), "1:02:05");
  EXPECT_EQ(ClockTime(360000), "100:00:00");
}

TEST(Text, FractionsArePercentWithTwoDigits) {
  EXPECT_EQ(Percent(0.97612), "97.61 %");
  EXPECT_EQ(Percent(1), "100.00 %");
}

TEST(Text, WidthCountsCharactersNotBytes) {
  EXPECT_EQ(DisplayWidth("Sève ━╸"), 7u);
  EXPECT_EQ(PadRight("Sève", 6), "Sève  ");
  EXPECT_EQ(PadLeft("Sève", 6), "  Sève");
  EXPECT_EQ(PadLeft("longer", 3), "longer");
}

TEST(Text, ShorteningKeepsWholeCharacters) {
  EXPECT_EQ(Shorten("éééé", 4), "éééé");
  EXPECT_EQ(Shorten("éééé", 3), "éé~");
  EXPECT_EQ(Shorten("abc", 1), "~");
  EXPECT_EQ(Shorten("abc", 0), "");
}

TEST(Text, WordsWrapWithinTheWidth) {
  EXPECT_EQ(WrapWords("", 10), std::vector<std::string>{});
  EXPECT_EQ(WrapWords("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(WrapWords("unbreakable is", 4), (std::vector<std::string>{"unbreakable", "is"}));
}

TEST(Text, NearNamesAreSuggestedAndFarOnesListed) {
  EXPECT_EQ(Suggest("unitz", {"units", "bias"}), "did you mean 'units'?");
  EXPECT_EQ(Suggest("zebra", {"units", "bias"}), "known: units, bias");
}

TEST(Text, GlobsMatchWholeNames) {
  EXPECT_TRUE(GlobMatches("hidden.*", "hidden.weight"));
  EXPECT_TRUE(GlobMatches("*.bias", "hidden.bias"));
  EXPECT_TRUE(GlobMatches("linear_?", "linear_1"));
  EXPECT_FALSE(GlobMatches("linear_?", "linear_10"));
  EXPECT_TRUE(GlobMatches("*a*b", "xaxbxb"));
  EXPECT_FALSE(GlobMatches("", "x"));
}

}  // namespace
}  // namespace seve
