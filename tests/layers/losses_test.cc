// Every loss: sums against a float64 reference, gradients against numerical ones, what counts as
// correct.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "layers/cross_entropy.h"
#include "layers/hinge.h"
#include "layers/loss_testing.h"
#include "layers/mean_squared_error.h"

namespace seve::testing {
namespace {

class LossTest : public ::testing::TestWithParam<std::tuple<size_t, std::pair<int64_t, int64_t>>> {
 protected:
  LossTest()
      : case_(LossCases()[std::get<0>(GetParam())]),
        rows_(std::get<1>(GetParam()).first),
        classes_(std::get<1>(GetParam()).second) {}

  double ExpectedLoss(const Doubles& scores, const std::vector<int32_t>& targets) const {
    double sum = 0;
    for (int64_t row = 0; row < rows_; ++row) {
      sum += case_.reference(scores.data() + row * classes_, classes_,
                             targets[static_cast<size_t>(row)]);
    }
    return sum;
  }

  // Central differences of the one row that a score enters.
  Doubles ExpectedGradient(const LossRun& run) const {
    constexpr double kStep = 1e-5;  // error of order 1e-10
    Doubles scores = ToDouble(run.scores);
    Doubles gradient(scores.size());
    for (size_t i = 0; i < scores.size(); ++i) {
      const int64_t row = static_cast<int64_t>(i) / classes_;
      const double* s = scores.data() + row * classes_;
      const int64_t target = run.targets[static_cast<size_t>(row)];
      const double value = scores[i];
      scores[i] = value + kStep;
      const double above = case_.reference(s, classes_, target);
      scores[i] = value - kStep;
      const double below = case_.reference(s, classes_, target);
      scores[i] = value;
      gradient[i] = (above - below) / (2 * kStep);
    }
    return gradient;
  }

  double ExpectedCorrect(const LossRun& run) const {
    double correct = 0;
    for (int64_t row = 0; row < rows_; ++row) {
      const auto begin = run.scores.begin() + row * classes_;
      const auto best = std::max_element(begin, begin + classes_) - begin;  // the first of equals
      correct += best == run.targets[static_cast<size_t>(row)] ? 1 : 0;
    }
    return correct;
  }

  LossCase case_;
  int64_t rows_;
  int64_t classes_;
};

// Scores are float32, sums float64; exponentials are good to 2e-7.
constexpr double kTolerance = 1e-6;

TEST_P(LossTest, SumsAgreeWithFloat64) {
  for (const bool gradient_wanted : {true, false}) {
    LossRun run(*case_.loss, rows_, classes_, {.gradient_wanted = gradient_wanted});
    const LossSums sums = run.bound->Run({});
    const double expected = ExpectedLoss(ToDouble(run.scores), run.targets);
    EXPECT_NEAR(sums.loss, expected, kTolerance * std::max(1.0, expected));
    EXPECT_EQ(sums.weight, static_cast<double>(rows_));
    EXPECT_EQ(sums.correct, ExpectedCorrect(run));
  }
}

TEST_P(LossTest, GradientAgreesWithNumericalOne) {
  LossRun run(*case_.loss, rows_, classes_);
  run.bound->Run({});
  EXPECT_LT(RelativeError(run.gradient, ExpectedGradient(run)), kTolerance);
}

TEST_P(LossTest, ScalesAndAdds) {
  LossRun run(*case_.loss, rows_, classes_, {.scale = 2.5f, .add = true});
  const LossSums sums = run.bound->Run({});
  const double expected = 2.5 * ExpectedLoss(ToDouble(run.scores), run.targets);
  EXPECT_NEAR(sums.loss, expected, kTolerance * std::max(1.0, expected));
  Doubles gradient = ExpectedGradient(run);
  for (double& value : gradient) value *= 2.5;
  EXPECT_LT(RelativeError(run.gradient, gradient, LossRun::kBefore), kTolerance);
}

TEST_P(LossTest, EvaluationAndTrainingGiveTheSameSums) {
  LossRun training(*case_.loss, rows_, classes_);
  LossRun evaluation(*case_.loss, rows_, classes_, {.gradient_wanted = false});
  const LossSums a = training.bound->Run({});
  const LossSums b = evaluation.bound->Run({});
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.correct, b.correct);
}

TEST_P(LossTest, NaNScoreMakesTheLossNaNAndTheSampleWrong) {
  for (const int64_t at : {int64_t{0}, classes_ - 1}) {
    LossRun run(*case_.loss, rows_, classes_);
    // Every sample would be correct.
    for (int64_t row = 0; row < rows_; ++row) {
      run.scores[static_cast<size_t>(row * classes_ + run.targets[static_cast<size_t>(row)])] = 10;
    }
    run.scores[static_cast<size_t>(at)] = std::nanf("");
    const LossSums sums = run.bound->Run({});
    EXPECT_TRUE(std::isnan(sums.loss));
    EXPECT_EQ(sums.correct, static_cast<double>(rows_ - 1));
  }
}

std::string CaseName(const ::testing::TestParamInfo<LossTest::ParamType>& info) {
  const auto [rows, classes] = std::get<1>(info.param);
  return LossCases()[std::get<0>(info.param)].name + "_" + std::to_string(rows) + "x" +
         std::to_string(classes);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, LossTest,
    ::testing::Combine(::testing::Range(size_t{0}, LossCases().size()),
                       ::testing::Values(std::pair{1, 2}, std::pair{1, 10}, std::pair{7, 3},
                                         std::pair{64, 10}, std::pair{5, 37}, std::pair{3, 1000})),
    CaseName);

TEST(Losses, AmongEqualScoresTheFirstWins) {
  for (const auto& entry : LossCases()) {
    LossRun run(*entry.loss, 2, 20);
    std::ranges::fill(run.scores, 0.5f);
    run.targets = {0, 1};
    EXPECT_EQ(run.bound->Run({}).correct, 1) << entry.name;
  }
}

TEST(Losses, ClassOutOfRangeIsADataErrorThatNamesTheSample) {
  for (const auto& entry : LossCases()) {
    for (const int32_t label : {-1, 10}) {
      LossRun run(*entry.loss, 3, 10);
      run.targets[1] = label;
      try {
        run.bound->Run({.epoch = 2, .position = 40});
        FAIL() << entry.name;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::kData);
        EXPECT_EQ(error.what(), "the sample at position 41 has class " + std::to_string(label) +
                                    ", but the model scores 10 classes, 0 to 9: check the labels "
                                    "or the number of classes");
      }
    }
  }
}

TEST(Losses, NoRowsGiveZeroSums) {
  for (const auto& entry : LossCases()) {
    LossRun run(*entry.loss, 0, 10);
    const LossSums sums = run.bound->Run({});
    EXPECT_EQ(sums.loss, 0) << entry.name;
    EXPECT_EQ(sums.weight, 0);
    EXPECT_EQ(sums.correct, 0);
  }
}

TEST(CrossEntropy, DoesNotOverflow) {
  LossRun run(CrossEntropy(), 1, 3);
  run.scores = {1000, -1000, 0};
  run.targets = {1};
  EXPECT_DOUBLE_EQ(run.bound->Run({}).loss, 2000);
  EXPECT_EQ(run.gradient, (Values{1, -1, 0}));
}

TEST(Hinge, GradientAtTheMarginIsZero) {
  LossRun run(Hinge(1), 1, 2);
  run.scores = {2, 1};
  run.targets = {0};
  EXPECT_EQ(run.bound->Run({}).loss, 0);
  EXPECT_EQ(run.gradient, (Values{0, 0}));
}

TEST(MeanSquaredError, ComparesValuesWhateverTheirShape) {
  Values scores = {1, 2, 3, 4, 5, 6};
  Values target = {1, 0, 3, 4, 8, 6};
  Values gradient(6);
  LossBinding binding;
  binding.rows = 2;
  binding.scores = Tensor(scores.data(), DType::kFloat32, Shape{2, 3});
  binding.target = Tensor(target.data(), DType::kFloat32, Shape{2, 1, 3, 1});
  binding.scores_gradient = Tensor(gradient.data(), DType::kFloat32, Shape{2, 3});
  const MeanSquaredError loss(false);
  const LossSums sums = loss.BindCpu(binding)->Run({});
  EXPECT_DOUBLE_EQ(sums.loss, (4.0 + 9.0) / 3);
  EXPECT_EQ(sums.weight, 2);
  EXPECT_EQ(sums.correct, 0);
  EXPECT_FALSE(loss.IsClassification());
  const Values expected = {0, 4.0f / 3, 0, 0, -2, 0};
  for (size_t i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(gradient[i], expected[i]);
}

}  // namespace
}  // namespace seve::testing
