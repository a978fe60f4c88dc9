#include "report/draw/ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace seve {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> Texts(const std::vector<Tick>& ticks) {
  std::vector<std::string> texts;
  for (const Tick& tick : ticks) texts.push_back(tick.text);
  return texts;
}

TEST(LinearTicks, StepInOnesTwosAndFives) {
  EXPECT_THAT(Texts(LinearTicks(0, 10, 11)),
              ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
  EXPECT_THAT(Texts(LinearTicks(0, 10, 6)), ElementsAre("0", "2", "4", "6", "8", "10"));
  EXPECT_THAT(Texts(LinearTicks(0, 10, 5)), ElementsAre("0", "5", "10"));
  EXPECT_THAT(Texts(LinearTicks(3, 997, 6)), ElementsAre("200", "400", "600", "800"));
}

TEST(LinearTicks, ShowNoBinaryDust) {
  EXPECT_THAT(Texts(LinearTicks(0, 0.35, 8)),
              ElementsAre("0", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30", "0.35"));
  EXPECT_EQ(LinearTicks(0, 0.35, 8)[6].value, 0.3);
  EXPECT_THAT(Texts(LinearTicks(-0.3, 0.3, 7)),
              ElementsAre("−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"));
}

TEST(LinearTicks, AreShortForHugeAndTinyValues) {
  EXPECT_THAT(Texts(LinearTicks(0, 3e8, 4)), ElementsAre("0", "1×10⁸", "2×10⁸", "3×10⁸"));
  EXPECT_THAT(Texts(LinearTicks(1e-7, 2.2e-7, 4)), ElementsAre("1.0×10⁻⁷", "1.5×10⁻⁷", "2.0×10⁻⁷"));
  EXPECT_THAT(Texts(LinearTicks(0, 40000, 3)), ElementsAre("0", "20,000", "40,000"));
}

TEST(LinearTicks, AreNeverMoreThanAsked) {
  for (const double low : {-1e9, -3.7, -1e-9, 0.0, 0.123, 17.0, 1e5}) {
    for (const double range : {1e-4, 0.3, 1.0, 7.7, 999.0, 1e12}) {
      for (int most = 2; most < 12; ++most) {
        const auto ticks = LinearTicks(low, low + range, most);
        EXPECT_LE(ticks.size(), static_cast<size_t>(most)) << low << " " << range;
        for (const Tick& tick : ticks) {
          EXPECT_GE(tick.value, low - range * 1e-6);
          EXPECT_LE(tick.value, low + range * (1 + 1e-6));
        }
      }
    }
  }
}

TEST(LogTicks, ArePowersOfTenAndWhatFitsBetween) {
  EXPECT_THAT(Texts(LogTicks(0.01, 10, 4)), ElementsAre("0.01", "0.1", "1", "10"));
  EXPECT_THAT(Texts(LogTicks(1, 100, 7)), ElementsAre("1", "2", "5", "10", "20", "50", "100"));
  EXPECT_THAT(Texts(LogTicks(0.02, 1.1, 5)), ElementsAre("0.03", "0.1", "0.3", "1"));
}

TEST(LogTicks, SkipDecadesWhereThereAreMany) {
  EXPECT_THAT(Texts(LogTicks(1e-12, 1, 5)), ElementsAre("10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"));
  EXPECT_THAT(LogTicks(1e-300, 1e300, 5), SizeIs(testing::Le(5)));
}

TEST(LogTicks, AreLinearWithinASmallRange) {
  EXPECT_THAT(Texts(LogTicks(3.05, 3.45, 5)), ElementsAre("3.1", "3.2", "3.3", "3.4"));
}

}  // namespace
}  // namespace seve
