#include "train/trace_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace seve {
namespace {

using ::testing::HasSubstr;

std::string Complaint(const std::string& path, const std::string& steps) {
  try {
    ParseTraceRequest(path, steps, 10, 100);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(TraceRequest, UnsetStepsAreFiveOnceTrainingIsWarm) {
  const auto request = ParseTraceRequest("t.json", "", 0, 1000);
  EXPECT_EQ(request.first, 21);
  EXPECT_EQ(request.last, 25);
}

TEST(TraceRequest, AShortRunIsTracedAtItsEnd) {
  const auto request = ParseTraceRequest("t.json", "", 0, 8);
  EXPECT_EQ(request.first, 4);
  EXPECT_EQ(request.last, 8);
  EXPECT_EQ(ParseTraceRequest("t.json", "", 0, 2).first, 1);
}

TEST(TraceRequest, AResumedRunCountsFromWhereItGoesOn) {
  EXPECT_EQ(ParseTraceRequest("t.json", "", 500, 1000).first, 521);
}

TEST(TraceRequest, StepsAreOneOrFirstAndLast) {
  EXPECT_EQ(ParseTraceRequest("t.json", "12-15", 10, 100).last, 15);
  const auto one = ParseTraceRequest("t.json", "12", 10, 100);
  EXPECT_EQ(one.first, 12);
  EXPECT_EQ(one.last, 12);
}

TEST(TraceRequest, StepsThatAreNotThereAreRefusedWithThoseThatAre) {
  EXPECT_THAT(Complaint("t.json", "90-101"), HasSubstr("steps 11 to 100"));
  EXPECT_THAT(Complaint("t.json", "10-12"), HasSubstr("steps 11 to 100"));
  for (const char* steps : {"x", "5-3", "0-3", "3-", "-3", "1-2-3"}) {
    EXPECT_THAT(Complaint("t.json", steps), HasSubstr("as in 120-124")) << steps;
  }
}

TEST(TraceRequest, StepsWithoutAFileAreAMistake) {
  EXPECT_THAT(Complaint("", "12"), HasSubstr("--trace FILE"));
  EXPECT_EQ(ParseTraceRequest("", "", 10, 100).path, "");
}

}  // namespace
}  // namespace seve
