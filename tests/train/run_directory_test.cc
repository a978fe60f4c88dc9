#include "train/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/quick_files.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

void Put(const std::string& path) {
  MakeFolders(fs::path(path).parent_path().string(), CallsThatDoNotWait());
  WriteQuickly(path, "x");
}

class RunDirectoryTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string run_ = folder_.File("runs/one");
};

TEST_F(RunDirectoryTest, IsCreatedWithItsParentsAndLeftEmpty) {
  const RunDirectory directory(run_ + "/", ExistingRun::kRefuse);
  EXPECT_EQ(directory.path(), run_);
  EXPECT_EQ(directory.File("log.txt"), run_ + "/log.txt");
  EXPECT_TRUE(fs::is_empty(run_));
}

TEST_F(RunDirectoryTest, ThatHoldsARunIsRefusedWithTheRemedies) {
  for (const std::string trace : {"config.textproto", "metrics.jsonl", "checkpoints/latest"}) {
    Put(run_ + "/" + trace);
    const auto message =
        MessageOf(ExitCode::kUsage, [&] { RunDirectory(run_, ExistingRun::kRefuse); });
    EXPECT_THAT(message, AllOf(HasSubstr(run_), HasSubstr("--resume"), HasSubstr("--overwrite")));
    EXPECT_TRUE(fs::exists(run_ + "/" + trace));
    fs::remove_all(run_);
  }
}

TEST_F(RunDirectoryTest, WithOtherFilesOnlyIsAccepted) {
  Put(run_ + "/notes.txt");
  const RunDirectory directory(run_, ExistingRun::kRefuse);
  EXPECT_TRUE(fs::exists(directory.File("notes.txt")));
}

TEST_F(RunDirectoryTest, WithAPageOfSomebodyElseIsRefusedAndLeavesItOnOverwrite) {
  Put(run_ + "/report.html");
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { RunDirectory(run_, ExistingRun::kRefuse); }),
              HasSubstr("report.html is there already"));
  RunDirectory(run_, ExistingRun::kOverwrite);
  EXPECT_TRUE(fs::exists(run_ + "/report.html"));
}

TEST_F(RunDirectoryTest, IsKeptWholeOnResumeAndMayBeEmptyThen) {
  RunDirectory(run_, ExistingRun::kResume);
  Put(run_ + "/metrics.jsonl");
  Put(run_ + "/checkpoints/step-000000001/MANIFEST");
  RunDirectory(run_, ExistingRun::kResume);
  EXPECT_TRUE(fs::exists(run_ + "/metrics.jsonl"));
  EXPECT_TRUE(fs::exists(run_ + "/checkpoints/step-000000001/MANIFEST"));
}

TEST_F(RunDirectoryTest, LosesOnlyWhatARunWritesOnOverwrite) {
  for (const std::string ours :
       {"config.textproto", "log.txt", "metrics.jsonl", "metrics.csv",
        "checkpoints/step-000000001/MANIFEST", "checkpoints/latest",
        "tensorboard/events.out.tfevents.1.node", "report.html", "curves.svg",
        "dumps/hidden.weight@3.npy", "pictures/confusion.pdf", "pictures/weights-hidden.png",
        "pictures/weights/hidden-step-000000001.png"}) {
    Put(run_ + "/" + ours);
  }
  Put(run_ + "/notes.txt");
  Put(run_ + "/checkpoints/mine.txt");
  Put(run_ + "/tensorboard/mine.txt");
  Put(run_ + "/dumps/mine.npy");
  Put(run_ + "/pictures/mine.png");
  RunDirectory(run_, ExistingRun::kOverwrite);
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(run_)) {
    left.push_back(fs::relative(entry.path(), run_).string());
  }
  EXPECT_THAT(left,
              testing::UnorderedElementsAre("notes.txt", "checkpoints", "checkpoints/mine.txt",
                                            "tensorboard", "tensorboard/mine.txt", "dumps",
                                            "dumps/mine.npy", "pictures", "pictures/mine.png"));
}

TEST_F(RunDirectoryTest, LosesItsCheckpointFolderOnOverwriteWhenNothingElseIsInIt) {
  Put(run_ + "/checkpoints/step-000000001/MANIFEST");
  RunDirectory(run_, ExistingRun::kOverwrite);
  EXPECT_TRUE(fs::is_empty(run_));
}

TEST_F(RunDirectoryTest, ThatCannotBeWrittenIsAUsageErrorWithTheReason) {
  Put(folder_.File("file"));
  const std::string below = folder_.File("file") + "/run";
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { RunDirectory(below, ExistingRun::kRefuse); }),
              AllOf(HasSubstr(below), HasSubstr("Not a directory")));
  for (const ExistingRun existing : {ExistingRun::kRefuse, ExistingRun::kResume}) {
    EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { RunDirectory("/proc/self", existing); }),
                AllOf(HasSubstr("/proc/self"), HasSubstr("No such file or directory")));
  }
}

TEST_F(RunDirectoryTest, DefaultsToAFolderNamedAfterTheConfigurationThatIsNotThereYet) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  EXPECT_EQ(DefaultRunDirectory("configs/mnist_mlp.textproto"), "runs/mnist_mlp");
  Put("runs/mnist_mlp/log.txt");
  EXPECT_EQ(DefaultRunDirectory("configs/mnist_mlp.textproto"), "runs/mnist_mlp-2");
  Put("runs/mnist_mlp-2/log.txt");
  EXPECT_EQ(DefaultRunDirectory("configs/mnist_mlp.textproto"), "runs/mnist_mlp-3");
  EXPECT_EQ(NewestRunDirectory("configs/mnist_mlp.textproto"), "runs/mnist_mlp-2");
  EXPECT_EQ(DefaultRunDirectory("configs/mnist_mlp.textproto", "elsewhere"), "elsewhere/mnist_mlp");
  fs::current_path(before);
}

}  // namespace
}  // namespace seve
