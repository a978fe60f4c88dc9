#include "report/pictures/step_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using testing::ElementsAre;

TEST(EvenlySpaced, KeepsAllWhileTheyAreFew) {
  EXPECT_THAT(EvenlySpaced({}, 4), ElementsAre());
  EXPECT_THAT(EvenlySpaced({7}, 4), ElementsAre(7));
  EXPECT_THAT(EvenlySpaced({0, 10, 20, 25}, 4), ElementsAre(0, 10, 20, 25));
}

TEST(EvenlySpaced, WidensTheSpacingAndKeepsTheFirstAndTheLast) {
  EXPECT_THAT(EvenlySpaced({0, 10, 20, 30, 40}, 4), ElementsAre(0, 20, 40));
  EXPECT_THAT(EvenlySpaced({0, 10, 20, 30, 40, 50}, 4), ElementsAre(0, 20, 40, 50));
}

TEST(EvenlySpaced, DropsWhatWasTheLastAndStandsTooNear) {
  EXPECT_THAT(EvenlySpaced({0, 20, 40, 50, 60}, 9), ElementsAre(0, 20, 40, 60));
}

TEST(EvenlySpaced, AskedAfterEachStepOfALongRunStaysEven) {
  std::vector<int64_t> kept;
  for (int64_t step = 0; step <= 10000; step += 5) {
    kept.push_back(step);
    kept = EvenlySpaced(kept, 50);
    ASSERT_LE(kept.size(), 50u);
    ASSERT_EQ(kept.front(), 0);
    ASSERT_EQ(kept.back(), step);
  }
  for (size_t i = 2; i + 1 < kept.size(); ++i) {
    EXPECT_EQ(kept[i] - kept[i - 1], kept[1] - kept[0]);
  }
  EXPECT_GT(kept.size(), 20u);
}

class StepPicturesTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  StepPictures pictures_{folder_.File("weights"), "hidden"};
};

TEST_F(StepPicturesTest, AreNamedByTheirStep) {
  pictures_.Add(750, "PNG");
  EXPECT_EQ(ReadFile(folder_.File("weights/hidden-step-000000750.png")), "PNG");
}

TEST_F(StepPicturesTest, OfLaterStepsGoWhenARunGoesBack) {
  for (const int64_t step : {0, 10, 20, 30}) pictures_.Add(step, "PNG");
  pictures_.Add(10, "PNG");
  EXPECT_THAT(pictures_.Steps(), ElementsAre(0, 10));
}

TEST_F(StepPicturesTest, LeaveOtherFilesAlone) {
  MakeFolders(folder_.File("weights"));
  for (const std::string other :
       {"hidden-step-mine.png", "hidden-step-7.txt", "other-step-7.png"}) {
    WriteFileAtomically(folder_.File("weights/" + other), "mine");
  }
  pictures_.Add(0, "PNG");
  EXPECT_THAT(pictures_.Steps(), ElementsAre(0));
  EXPECT_EQ(ReadFile(folder_.File("weights/other-step-7.png")), "mine");
}

}  // namespace
}  // namespace seve
