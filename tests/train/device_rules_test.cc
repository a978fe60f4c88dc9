#include "train/device_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kNoDriver = "there is no NVIDIA driver on this machine";
constexpr const char* kOldDriver = "the NVIDIA driver supports CUDA 12.2, this binary needs 13.0";

constexpr const char* kConfiguration = R"(
data { digits { train: 100 test: 20 } }
batch { size: 12 }
model { layer { flatten {} } layer { linear { units: 10 } } }
loss { cross_entropy {} }
optimizer { sgd {} }
epochs: 1
)";

GpuInfo Gpu(int ordinal, const std::string& uuid) {
  GpuInfo gpu;
  gpu.ordinal = ordinal;
  gpu.name = "NVIDIA H200";
  gpu.uuid = uuid;
  gpu.total_bytes = size_t{140} << 30;
  return gpu;
}

// A rank that sees the GPUs named, in this order, all usable.
RankReport Sees(const std::string& host, const std::vector<std::string>& uuids) {
  RankReport report;
  report.host = host;
  for (const auto& uuid : uuids) {
    report.survey.gpus.push_back(Gpu(static_cast<int>(report.survey.gpus.size()), uuid));
    report.obstacles.emplace_back();
  }
  return report;
}

RankReport SeesNone(const std::string& host, const std::string& problem, bool failed = false) {
  RankReport report;
  report.host = host;
  report.survey.problem = problem;
  report.survey.failed = failed;
  return report;
}

DeviceAssignment Assign(const std::vector<RankReport>& reports,
                        const std::vector<std::string>& sets) {
  return AssignDevices(reports, ParseConfiguration(kConfiguration, "c.textproto", sets));
}

std::string Refusal(const std::vector<RankReport>& reports, const std::vector<std::string>& sets) {
  try {
    static_cast<void>(Assign(reports, sets));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    return error.what();
  }
  return "";
}

const std::vector<std::string> kAuto, kCuda = {"device=CUDA"}, kCpu = {"device=CPU"},
                                      kShared = {"gpu.allow_shared_gpu=true"};

TEST(DeviceRules, RanksThatSeeAllGpusTakeThemByLocalRank) {
  const std::vector<RankReport> reports{Sees("a", {"1", "2"}), Sees("b", {"3", "4"}),
                                        Sees("a", {"1", "2"}), Sees("b", {"3", "4"})};
  for (const auto& sets : {kAuto, kCuda, kShared}) {
    const auto assignment = Assign(reports, sets);
    EXPECT_TRUE(assignment.cuda);
    EXPECT_FALSE(assignment.shared);
    EXPECT_THAT(assignment.gpus, ElementsAre(0, 0, 1, 1));
  }
}

TEST(DeviceRules, ARankThatWasGivenOneGpuKeepsIt) {
  EXPECT_THAT(Assign({Sees("a", {"1"}), Sees("a", {"2"})}, kAuto).gpus, ElementsAre(0, 0));
}

TEST(DeviceRules, LocalRanksCountFromZeroOnEachHost) {
  EXPECT_THAT(LocalRanks({"a", "b", "a", "a", "b"}), ElementsAre(0, 0, 1, 2, 1));
}

TEST(DeviceRules, AutoIsTheCpuWhereNobodySeesAGpu) {
  const auto assignment = Assign({SeesNone("a", kNoDriver), SeesNone("b", kNoDriver)}, kAuto);
  EXPECT_FALSE(assignment.cuda);
  EXPECT_THAT(assignment.gpus, IsEmpty());
}

TEST(DeviceRules, CpuIsTheCpuWhereverGpusAre) {
  EXPECT_FALSE(Assign({Sees("a", {"1"})}, kCpu).cuda);
}

TEST(DeviceRules, CudaWithoutAGpuSaysWhyThereIsNone) {
  const std::string text = Refusal({SeesNone("a", kNoDriver)}, kCuda);
  EXPECT_EQ(text, "--set device=CUDA: device is CUDA, but " + std::string(kNoDriver) +
                      "; device: CPU trains without GPUs");
}

TEST(DeviceRules, AMachineOfManyNamesTheHostsWithoutGpus) {
  EXPECT_THAT(Refusal({Sees("a", {"1"}), SeesNone("b", kNoDriver)}, kAuto),
              AllOf(StartsWith("c.textproto: device is AUTO, but b: "), HasSubstr(kNoDriver)));
}

TEST(DeviceRules, ADriverThatDoesNotTellItsGpusIsNoReasonToTrainOnTheCpu) {
  EXPECT_THAT(Refusal({SeesNone("a", kOldDriver, true)}, kAuto), HasSubstr(kOldDriver));
  EXPECT_EQ(Refusal({SeesNone("a", kOldDriver, true)}, kCpu), "");
}

TEST(DeviceRules, FewerGpusThanRanksAreCounted) {
  const std::vector<RankReport> reports{Sees("a", {"1", "2"}), Sees("a", {"1", "2"}),
                                        Sees("a", {"1", "2"})};
  for (const auto& sets : {kAuto, kCuda}) {
    EXPECT_THAT(Refusal(reports, sets),
                HasSubstr("a has 2 GPUs for 3 ranks: start at most 2 there"));
  }
}

TEST(DeviceRules, RanksThatShareAGpuTakeTheGpusInTurns) {
  const RankReport report = Sees("a", {"1", "2"});
  const auto assignment = Assign({report, report, report, report, report}, kShared);
  EXPECT_TRUE(assignment.shared);
  EXPECT_THAT(assignment.gpus, ElementsAre(0, 1, 0, 1, 0));
}

TEST(DeviceRules, TwoRanksThatWereGivenOneGpuAreRefused) {
  EXPECT_THAT(Refusal({Sees("a", {"1"}), Sees("a", {"1"})}, kAuto),
              HasSubstr("a has 1 GPU for 2 ranks"));
  // Containers of one machine.
  EXPECT_THAT(Refusal({Sees("a", {"1"}), Sees("b", {"1"})}, kAuto),
              HasSubstr("b:rank 1 has no GPU of its own, NVIDIA H200 (1) is that of a:rank 0"));
  EXPECT_THAT(Refusal({Sees("a", {"1"}), Sees("a", {"1"}), Sees("a", {"2", "3"})}, kAuto),
              HasSubstr("a:rank 1 has no GPU of its own"));
}

TEST(DeviceRules, ARankFromWhichGpusAreHiddenIsNamed) {
  EXPECT_THAT(Refusal({Sees("a", {"1", "2"}), SeesNone("a", "they are hidden")}, kAuto),
              HasSubstr("a:rank 1 has no GPU: they are hidden"));
}

TEST(DeviceRules, GpusWithAnObstacleAreLeftOut) {
  auto report = Sees("a", {"1", "2"});
  report.obstacles[0] = "this binary has no code for GPU 0";
  EXPECT_THAT(Assign({report}, kAuto).gpus, ElementsAre(1));
  EXPECT_THAT(Refusal({report, report}, kAuto),
              HasSubstr("a has 1 GPU for 2 ranks (this binary has no code for GPU 0): start"));
  report.obstacles[1] = "this binary has no code for GPU 1";
  for (const auto& sets : {kAuto, kCuda, kShared}) {
    EXPECT_THAT(Refusal({report}, sets), HasSubstr("but this binary has no code for GPU 0; this"));
  }
}

TEST(DeviceRules, SlicesOfAGpuTrainOneRankAHost) {
  auto one = Sees("a", {"1"});
  auto other = Sees("a", {"2"});
  one.survey.gpus[0].mig = other.survey.gpus[0].mig = true;
  EXPECT_TRUE(Assign({one}, kAuto).cuda);
  for (const auto& sets : {kAuto, kCuda, kShared}) {
    EXPECT_THAT(Refusal({one, other}, sets), HasSubstr("slices (MIG)"));
  }
  other.host = "b";
  EXPECT_TRUE(Assign({one, other}, kAuto).cuda);
}

TEST(DeviceRules, APrecisionOfGpusIsRefusedWhereAutoIsTheCpu) {
  const std::vector<std::string> bf16{"precision=BF16"};
  EXPECT_EQ(Refusal({SeesNone("a", kNoDriver)}, bf16),
            "--set precision=BF16: precision: BF16 is for GPUs, and " + std::string(kNoDriver) +
                ": leave precision out to train on the CPU");
  EXPECT_TRUE(Assign({Sees("a", {"1"})}, bf16).cuda);
}

TEST(DeviceRules, WhatEachRankTrainsOnIsToldInOneLine) {
  const auto all = [](const std::vector<RankReport>& reports, const auto& sets) {
    return DescribeAll(reports, Assign(reports, sets));
  };
  EXPECT_EQ(all({Sees("a", {"1"})}, kAuto), "NVIDIA H200 (140.0 GiB), GPU 0");
  EXPECT_EQ(all({Sees("a", {"1"}), Sees("b", {"2"})}, kAuto),
            "NVIDIA H200 (140.0 GiB) on each of 2 ranks");
  EXPECT_EQ(all({Sees("a", {"1"}), Sees("a", {"1"})}, kShared),
            "NVIDIA H200 (140.0 GiB) shared by 2 ranks");
  auto other = Sees("b", {"3"});
  other.survey.gpus[0].name = "NVIDIA L4";
  EXPECT_EQ(all({Sees("a", {"1"}), other, Sees("a", {"2"})}, kAuto),
            "NVIDIA H200 (140.0 GiB) on 2 ranks, NVIDIA L4 (140.0 GiB) on 1 rank");
}

}  // namespace
}  // namespace seve
