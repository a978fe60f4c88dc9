#include "train/saver.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/quick_files.h"
#include "base/temporary_folder.h"
#include "comm/solo/solo_communicator.h"

namespace seve {
namespace {

// Saves evaluations as checkpoints on a disk that is full at times.
class SaverTest : public testing::Test {
 protected:
  Saver MakeSaver(bool forgives) {
    FileCalls calls = CallsThatDoNotWait();
    calls.write = [this](int file, const void* bytes, size_t size) -> ssize_t {
      errno = ENOSPC;
      return full_ ? -1 : SystemFileCalls().write(file, bytes, size);
    };
    return {CheckpointStore(folder_.File("checkpoints"), 9, calls), forgives, context_, reporter_};
  }
  static config::Best BestOf(int64_t step) {
    config::Best best;
    best.set_step(step);
    return best;
  }
  static void Save(Saver& saver, int64_t step, bool is_best) {
    if (is_best) saver.SetBest(BestOf(step));
    const auto improvement = is_best ? std::optional(Improvement{}) : std::nullopt;
    saver.Save({.step = step}, improvement, [&] {
      CheckpointContent content;
      content.state.set_step(step);
      *content.state.mutable_best() = saver.best();
      return content;
    });
  }
  [[nodiscard]] config::TrainingState Saved(const std::string& name) const {
    return CheckpointStore(folder_.File("checkpoints"), 9).Read(name).state;
  }

  TemporaryFolder folder_;
  bool full_ = false;  // changed only while nothing is being written
  std::unique_ptr<Communicator> communicator_ = MakeSoloCommunicator();
  Logger logger_;
  Context context_{*communicator_, logger_, {}};
  Reporter reporter_{context_, true, Pace::EverySteps(1)};
};

TEST_F(SaverTest, ABestThatCouldNotBeWrittenIsForgotten) {
  Saver saver = MakeSaver(true);
  Save(saver, 1, true);
  saver.Wait();
  full_ = true;
  Save(saver, 2, true);
  EXPECT_EQ(saver.best().step(), 2);
  saver.Wait();
  EXPECT_EQ(saver.best().step(), 1);
  full_ = false;
  Save(saver, 3, false);
  saver.Wait();
  EXPECT_EQ(Saved("latest").best().step(), 1);
}

TEST_F(SaverTest, ABestFoundMeanwhileStaysTheBest) {
  Saver saver = MakeSaver(true);
  full_ = true;
  Save(saver, 1, true);
  saver.SetBest(BestOf(2));  // judged while the first is being written, and fails
  saver.Wait();
  EXPECT_EQ(saver.best().step(), 2);
  full_ = false;
  Save(saver, 2, true);
  saver.Wait();
  EXPECT_EQ(saver.best().step(), 2);
  EXPECT_EQ(Saved("best").best().step(), 2);
}

TEST_F(SaverTest, WhatIsTakenKnowsHowTheWriteBeforeEnded) {
  Saver saver = MakeSaver(true);
  full_ = true;
  Save(saver, 1, true);
  saver.Save({.step = 2}, std::nullopt, [&] {
    full_ = false;
    CheckpointContent content;
    content.state.set_step(2);
    *content.state.mutable_best() = saver.best();
    return content;
  });
  saver.Wait();
  EXPECT_FALSE(Saved("latest").best().has_step());
}

TEST_F(SaverTest, ASuccessMakesUpForAFailureOnlyWhereItMay) {
  for (const bool forgives : {true, false}) {
    Saver saver = MakeSaver(forgives);
    EXPECT_EQ(saver.failure(), ExitCode::kDone);
    full_ = true;
    Save(saver, 1, false);
    saver.Wait();
    EXPECT_EQ(saver.failure(), ExitCode::kData);
    full_ = false;
    Save(saver, 2, false);
    saver.Wait();
    EXPECT_EQ(saver.failure(), forgives ? ExitCode::kDone : ExitCode::kData);
  }
}

}  // namespace
}  // namespace seve
