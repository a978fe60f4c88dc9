#include "train/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace seve {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

int64_t Total(const TensorStatistics& statistics) {
  return std::accumulate(statistics.histogram.begin(), statistics.histogram.end(), int64_t{0});
}

TEST(Statistics, OfAFewValuesAreThoseWorkedOutByHand) {
  const std::vector<float> values{-2, 0, 1, 1, 5};
  const auto statistics = StatisticsOf(values, 1, 7);
  EXPECT_EQ(statistics.count, 5);
  EXPECT_EQ(statistics.non_zero, 4);
  EXPECT_DOUBLE_EQ(statistics.mean, 1);
  EXPECT_DOUBLE_EQ(statistics.mean_absolute, 9. / 5);
  EXPECT_DOUBLE_EQ(statistics.deviation, std::sqrt(31. / 5 - 1));
  EXPECT_EQ(statistics.minimum, -2);
  EXPECT_EQ(statistics.maximum, 5);
  // Of one unit each from -2; the last includes the maximum.
  EXPECT_THAT(statistics.histogram, ElementsAre(1, 0, 1, 2, 0, 0, 1));
}

TEST(Statistics, TheScaleMultipliesEveryValue) {
  const std::vector<float> values{-4, 8, 0};
  const auto statistics = StatisticsOf(values, -0.25, 3);
  EXPECT_EQ(statistics.minimum, -2);
  EXPECT_EQ(statistics.maximum, 1);
  EXPECT_EQ(statistics.non_zero, 2);
  EXPECT_THAT(statistics.histogram, ElementsAre(1, 0, 2));
}

TEST(Statistics, HistogramsOfManyValuesAddUpAndMatchAFloat64Reference) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(2, 3);
  std::vector<float> values(5000);
  for (float& value : values) value = normal(random);
  for (const int bins : {1, 2, 50, 1000}) {
    const auto statistics = StatisticsOf(values, 1, bins);
    EXPECT_EQ(std::ssize(statistics.histogram), bins);
    EXPECT_EQ(Total(statistics), 5000);
    EXPECT_GE(statistics.histogram.front(), 1);
    EXPECT_GE(statistics.histogram.back(), 1);
  }
  const auto statistics = StatisticsOf(values, 1, 50);
  double mean = 0, variance = 0;
  for (const float value : values) mean += static_cast<double>(value) / 5000;
  for (const float value : values) {
    variance += std::pow(static_cast<double>(value) - mean, 2) / 5000;
  }
  // Float64 sums of 5000 values of the order 10, in two ways.
  EXPECT_NEAR(statistics.mean, mean, 1e-12);
  EXPECT_NEAR(statistics.deviation, std::sqrt(variance), 1e-11);
}

TEST(Statistics, EqualValuesAllLieInTheFirstInterval) {
  const std::vector<float> values(9, 0.1f);
  const auto statistics = StatisticsOf(values, 1, 4);
  EXPECT_THAT(statistics.histogram, ElementsAre(9, 0, 0, 0));
  EXPECT_EQ(statistics.minimum, statistics.maximum);
  // The difference of two squares of 0.1 rounds to no more than 1e-17, its root to 1e-8.
  EXPECT_NEAR(statistics.deviation, 0, 1e-8);
  const auto zeros = StatisticsOf(std::vector<float>{0.0f, -0.0f, 0.0f}, 1, 2);
  EXPECT_EQ(zeros.non_zero, 0);
  EXPECT_THAT(zeros.histogram, ElementsAre(3, 0));
}

TEST(Statistics, ValuesThatAreNotFiniteCountAsNotZeroAlone) {
  const std::vector<float> values{kNan, 1, kInfinity, 3, -kInfinity, 0};
  const auto statistics = StatisticsOf(values, 1, 3);
  EXPECT_EQ(statistics.count, 6);
  EXPECT_EQ(statistics.non_zero, 5);
  EXPECT_DOUBLE_EQ(statistics.mean, 4. / 3);
  EXPECT_EQ(statistics.minimum, 0);
  EXPECT_EQ(statistics.maximum, 3);
  EXPECT_EQ(Total(statistics), 3);
}

TEST(Statistics, OfNothingFiniteAreZero) {
  for (const auto& values : {std::vector<float>{kNan, kInfinity}, std::vector<float>{}}) {
    const auto statistics = StatisticsOf(values, 1, 5);
    EXPECT_EQ(statistics.count, std::ssize(values));
    EXPECT_EQ(statistics.mean, 0);
    EXPECT_EQ(statistics.minimum, 0);
    EXPECT_EQ(statistics.maximum, 0);
    EXPECT_THAT(statistics.histogram, Each(0));
  }
}

TEST(Statistics, ARangeBeyondFloat32StaysWithinTheHistogram) {
  const float most = std::numeric_limits<float>::max();
  const auto statistics = StatisticsOf(std::vector<float>{-most, most, 0}, 1, 4);
  EXPECT_THAT(statistics.histogram, ElementsAre(1, 0, 1, 1));
}

}  // namespace
}  // namespace seve
