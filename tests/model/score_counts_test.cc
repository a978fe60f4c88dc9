#include "model/score_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace seve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

void Add(ScoreCounts* counts, std::vector<float> scores, std::vector<int32_t> targets) {
  const auto rows = std::ssize(targets);
  counts->Add(Tensor(scores.data(), DType::kFloat32, Shape{rows, counts->classes()}),
              Tensor(targets.data(), DType::kInt32, Shape{rows}));
}

// Samples among the top 1, 2, 3 of three classes.
std::vector<double> AmongTop(const std::vector<float>& scores, int32_t target) {
  ScoreCounts counts(3, {1, 2, 3});
  Add(&counts, scores, {target});
  return {counts.among_top(0), counts.among_top(1), counts.among_top(2)};
}

std::vector<double> Table(const ScoreCounts& counts) {
  return {counts.confusion().begin(), counts.confusion().end()};
}

TEST(ScoreCounts, TheTableHasTruthsAsRowsAndWhatWasSaidAsColumns) {
  ScoreCounts counts(3, {});
  Add(&counts, {5, 1, 2, 0, 1, 2, -3, -1, -2, 0, 9, 1}, {0, 0, 2, 1});
  EXPECT_THAT(Table(counts), ElementsAre(1, 0, 1, 0, 1, 0, 0, 1, 0));
  Add(&counts, {5, 1, 2}, {0});
  EXPECT_EQ(counts.confusion()[0], 2);
  counts.Clear();
  EXPECT_THAT(Table(counts), testing::Each(0));
}

TEST(ScoreCounts, AmongEqualScoresTheFirstIsTheHighest) {
  EXPECT_THAT(AmongTop({1, 1, 1}, 0), ElementsAre(1, 1, 1));
  EXPECT_THAT(AmongTop({1, 1, 1}, 1), ElementsAre(0, 1, 1));
  EXPECT_THAT(AmongTop({1, 1, 1}, 2), ElementsAre(0, 0, 1));
  EXPECT_THAT(AmongTop({1, 2, 2}, 2), ElementsAre(0, 1, 1));
  EXPECT_THAT(AmongTop({0.0f, -0.0f, -1}, 1), ElementsAre(0, 1, 1));
  ScoreCounts counts(3, {});
  Add(&counts, {2, 2, 1, 1, 2, 2}, {2, 2});
  EXPECT_THAT(Table(counts), ElementsAre(0, 0, 0, 0, 0, 0, 1, 1, 0));
}

TEST(ScoreCounts, ANanIsBelowEveryNumberAndAmongNoneOfTheHighest) {
  EXPECT_THAT(AmongTop({kNan, -kInfinity, 1}, 1), ElementsAre(0, 1, 1));
  EXPECT_THAT(AmongTop({kNan, -kInfinity, 1}, 0), ElementsAre(0, 0, 0));
  EXPECT_THAT(AmongTop({kNan, kNan, kNan}, 0), ElementsAre(0, 0, 0));
  ScoreCounts counts(3, {});
  Add(&counts, {kNan, -kInfinity, -kInfinity, 1, kNan, 2, kNan, kNan, kNan}, {0, 1, 2});
  EXPECT_THAT(Table(counts), ElementsAre(0, 1, 0, 0, 0, 1, 1, 0, 0));
}

TEST(ScoreCounts, EachTopIsCountedInTheOrderGiven) {
  ScoreCounts counts(4, {3, 1});
  Add(&counts, {4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1}, {0, 2, 3});
  EXPECT_EQ(counts.among_top(0), 2);
  EXPECT_EQ(counts.among_top(1), 1);
}

TEST(ScoreCounts, RandomScoresCountAsSortingThemDoes) {
  std::mt19937 random(4);
  ScoreCounts counts(7, {2, 5});
  double among_2 = 0, among_5 = 0;
  std::vector<double> table(49, 0);
  for (int i = 0; i < 500; ++i) {
    std::vector<float> scores(7);
    // Few values, so that many are equal.
    for (float& score : scores) score = static_cast<float>(random() % 5);
    const auto target = static_cast<int32_t>(random() % 7);
    Add(&counts, scores, {target});
    std::vector<int32_t> order{0, 1, 2, 3, 4, 5, 6};
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](int32_t c) { return scores[static_cast<size_t>(c)]; });
    const auto rank = std::ranges::find(order, target) - order.begin();
    among_2 += rank < 2 ? 1 : 0;
    among_5 += rank < 5 ? 1 : 0;
    table[static_cast<size_t>(target * 7 + order[0])] += 1;
  }
  EXPECT_EQ(counts.among_top(0), among_2);
  EXPECT_EQ(counts.among_top(1), among_5);
  EXPECT_EQ(Table(counts), table);
}

TEST(ScoreCounts, OfManyClassesThereIsNoTableButTheTopsAreCounted) {
  ScoreCounts counts(ScoreCounts::kMostClasses + 1, {5});
  std::vector<float> scores(ScoreCounts::kMostClasses + 1, 0);
  scores.back() = 1;
  Add(&counts, scores, {static_cast<int32_t>(ScoreCounts::kMostClasses)});
  EXPECT_THAT(Table(counts), IsEmpty());
  EXPECT_EQ(counts.among_top(0), 1);
}

}  // namespace
}  // namespace seve
