#include "train/tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "train/training_testing.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Field;
using testing::Gt;
using testing::SizeIs;

TEST(Tracer, TellsRankZeroWhereTheTimeOfEveryRankWent) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/trace.json";
  const auto recorder = Train(folder.path(), {.world = 2, .trace = {path, 30, 33}});
  ASSERT_THAT(recorder.traces, SizeIs(1));
  const TraceEvent& trace = recorder.traces.front();
  EXPECT_EQ(trace.path, path);
  EXPECT_EQ(trace.first, 30);
  EXPECT_EQ(trace.last, 33);
  EXPECT_EQ(trace.left_out, 0);
  EXPECT_THAT(trace.names, SizeIs(2));
  EXPECT_THAT(trace.ranks,
              Each(AllOf(Field(&RankTimes::forward, Gt(0)), Field(&RankTimes::backward, Gt(0)),
                         Field(&RankTimes::update, Gt(0)), Field(&RankTimes::exposed, Gt(0)))));
  const auto json = nlohmann::json::parse(ReadFile(path));
  std::set<int> ranks;
  for (const auto& event : json.at("traceEvents")) ranks.insert(event.at("pid").get<int>());
  EXPECT_EQ(ranks, (std::set<int>{0, 1}));
}

TEST(Tracer, AlignedRanksWaitForTheSameMoment) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/trace.json";
  Train(folder.path(), {.world = 2, .trace = {path, 5, 5}});
  double latest_start = 0, earliest_end = 1e300;
  const auto json = nlohmann::json::parse(ReadFile(path));
  for (const auto& event : json.at("traceEvents")) {
    if (event.at("name") != "sum of gradients") continue;
    const double start = event.at("ts"), duration = event.at("dur");
    latest_start = std::max(latest_start, start);
    earliest_end = std::min(earliest_end, start + duration);
  }
  EXPECT_GT(earliest_end, latest_start);
}

TEST(Tracer, ATracedStepThatFailsEndsTheRunAsAnyOther) {
  const TemporaryFolder folder;
  try {
    Train(folder.path(),
          {.world = 2,
           .sets = {"optimizer.sgd.learning_rate=1e18", "optimizer.schedule.warm_up_epochs=0",
                    "optimizer.schedule.constant={}"},
           .trace = {folder.path() + "/trace.json", 1, 100}});
    FAIL() << "went on";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::kNumerical);
  }
}

TEST(Tracer, AFileThatCannotBeWrittenIsSaidByEveryRankBeforeTraining) {
  const TemporaryFolder folder;
  try {
    Train(folder.path(), {.world = 2, .trace = {folder.path() + "/absent/trace.json", 1, 2}});
    FAIL() << "went on";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    EXPECT_THAT(error.what(), testing::HasSubstr("absent/trace.json"));
  }
}

}  // namespace
}  // namespace seve
