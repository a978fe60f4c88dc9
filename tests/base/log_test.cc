#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

void WriteOneOfEach(const Logger& logger) {
  logger.Info("plain {} %v");
  logger.Warn("strange");
  logger.Error("broken");
}

TEST(Log, RankZeroWritesPlainLines) {
  testing::internal::CaptureStderr();
  WriteOneOfEach(Logger());
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "plain {} %v\nwarning: strange\nerror: broken\n");
}

TEST(Log, OtherRanksWriteTroubleOnlyAndSayWhoTheyAre) {
  testing::internal::CaptureStderr();
  WriteOneOfEach(Logger(3));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "rank 3: warning: strange\nrank 3: error: broken\n");
}

TEST(Log, TheFileHoldsTheSameLinesWithTimesAndIsAppendedTo) {
  const TemporaryFolder folder;
  for (int start = 0; start < 2; ++start) {
    testing::internal::CaptureStderr();
    Logger logger;
    logger.AddFile(folder.File("log.txt"));
    logger.Info("step 1");
    logger.Warn("strange");
    testing::internal::GetCapturedStderr();
  }
  const std::string time = "[0-9-]{10} [0-9:]{8}\\.[0-9]{3}  ";
  const std::string twice = "(" + time + "step 1\n" + time + "warning: strange\n){2}";
  EXPECT_THAT(ReadFile(folder.File("log.txt")), testing::MatchesRegex(twice));
}

TEST(Log, AnUnopenableFileIsAUsageError) {
  const TemporaryFolder folder;
  WriteFileDurably(folder.File("file"), {});
  const std::string path = folder.File("file/log.txt");
  Logger logger;
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { logger.AddFile(path); }), testing::HasSubstr(path));
}

}  // namespace
}  // namespace seve
