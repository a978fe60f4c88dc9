#include "cli/data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "report/draw/figure.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class DataCommandTest : public ::testing::Test {
 protected:
  // What `seve data ARGUMENTS` prints.
  std::string Output(const std::string& arguments) {
    CLI::App app("test", "seve");
    std::function<int()> action;
    AddDataCommand(app, &action);
    app.parse("data " + arguments, false);
    ::testing::internal::CaptureStdout();
    try {
      EXPECT_EQ(action(), 0);
    } catch (...) {
      ::testing::internal::GetCapturedStdout();
      throw;
    }
    return ::testing::internal::GetCapturedStdout();
  }
  ExitCode Failure(const std::string& arguments) {
    try {
      Output(arguments);
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::kDone;
  }

  TemporaryFolder temporary_;
  std::string folder_ = temporary_.path();
};

TEST_F(DataCommandTest, DigitsThatWereMadePassTheCheck) {
  const std::string data = " --data " + folder_;
  EXPECT_THAT(Output("make digits --train 200 --test 30 --seed 5" + data),
              AllOf(HasSubstr("200 training and 30 test digits"), HasSubstr(folder_ + "/digits")));
  const std::string figures = Output("check digits" + data);
  EXPECT_THAT(figures,
              AllOf(HasSubstr("train: 200 pictures (1, 28, 28)"), HasSubstr("t10k: 30 pictures"),
                    HasSubstr("no published checksum known"), HasSubstr("class   9")));
  EXPECT_EQ(Output("check " + folder_ + "/digits"), figures);
}

TEST_F(DataCommandTest, CheckOfAPublicSetComparesChecksums) {
  const std::string data = " --data " + folder_;
  Output("make digits --train 20 --test 20" + data);
  std::filesystem::rename(folder_ + "/digits", folder_ + "/mnist");
  EXPECT_EQ(Failure("check mnist" + data), ExitCode::kData);
}

TEST_F(DataCommandTest, WhatIsNotThereIsADataError) {
  EXPECT_EQ(Failure("check nothing --data " + folder_), ExitCode::kData);
  EXPECT_EQ(Failure("get mnist --data " + folder_ + " --from file:///nowhere"), ExitCode::kData);
}

TEST_F(DataCommandTest, AnUnknownNameIsAUsageError) {
  EXPECT_EQ(Failure("get mnst --data " + folder_), ExitCode::kUsage);
}

TEST_F(DataCommandTest, NonsenseNumbersAreRefusedByTheParser) {
  EXPECT_THROW(Output("make digits --train 0 --data " + folder_), CLI::ParseError);
  EXPECT_THROW(Output("make"), CLI::ParseError);
}

TEST_F(DataCommandTest, PreviewDrawsTrainingPicturesAsTheyAreSeen) {
  const std::string sheet = folder_ + "/sheet.png";
  const auto preview = [&](const std::string& data) {
    const std::string config = folder_ + "/config.textproto";
    std::ofstream(config) << "data { " << data << " }\n"
                          << "batch { size: 4 }\nmodel { layer { linear { units: 10 } } }\n"
                             "loss { mean_squared_error {} }\n"
                             "optimizer { sgd { learning_rate: 0.1 } }\nepochs: 1\n";
    return "preview " + config + " --samples 2 --epochs 3 -o " + sheet;
  };
  const std::string digits = "digits { train: 20 test: 1 } ";
  EXPECT_THAT(Output(preview(digits + "augment { flip {} }")),
              AllOf(HasSubstr(sheet + ": 2 training samples of generated digits"),
                    HasSubstr("as stored and in 3 epochs")));
  const Image augmented = ReadPng(sheet);
  EXPECT_THAT(Output(preview(digits)), Not(HasSubstr("epochs")));
  EXPECT_GT(augmented.width, ReadPng(sheet).width);  // four pictures in a row, not two
  EXPECT_EQ(Failure(preview("curve {}")), ExitCode::kUsage);
}

}  // namespace
}  // namespace seve
