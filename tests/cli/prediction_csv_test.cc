#include "cli/prediction_csv.h"

#include <gtest/gtest.h>

#include <array>

namespace seve {
namespace {

TEST(PredictionCsv, OfAClassifierHasTheProbabilityOfEachClass) {
  PredictionCsv csv({"cat", "a, b"}, 2, true);
  csv.AddClassified("7", std::array{0.0F, 0.0F}, 1);
  EXPECT_EQ(csv.text(),
            "sample,truth,said,probability,p_cat,\"p_a, b\"\n7,\"a, b\",cat,0.5,0.5,0.5\n");
}

TEST(PredictionCsv, LeavesTheTruthAwayWhereItIsNotKnown) {
  PredictionCsv csv({"cat", "dog"}, 2, false);
  csv.AddClassified("a.png", std::array{1000.0F, -1000.0F});
  EXPECT_EQ(csv.text(), "sample,said,probability,p_cat,p_dog\na.png,cat,1,1,0\n");
}

TEST(PredictionCsv, OfRegressionHasTheValues) {
  PredictionCsv one({}, 1, true);
  one.AddRegression("0", std::array{0.25F}, std::array{0.5F});
  EXPECT_EQ(one.text(), "sample,target,output\n0,0.5,0.25\n");
  PredictionCsv two({}, 2, false);
  two.AddRegression("0", std::array{1.0F, 2.0F});
  EXPECT_EQ(two.text(), "sample,output_0,output_1\n0,1,2\n");
}

}  // namespace
}  // namespace seve
