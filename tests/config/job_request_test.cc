#include "config/job_request.h"

#include <gmock/gmock.h>

#include "cluster_testing.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::HasSubstr;
using testing::kProfile;
using testing::ProfileWith;
using testing::UsageError;

JobShape Shape(const JobRequest& request, const std::string& profile = kProfile) {
  return ShapeJob(request, ParseCluster(profile, "f"));
}

std::string Refusal(const JobRequest& request, const std::string& profile = kProfile) {
  return UsageError([&] { Shape(request, profile); });
}

JobRequest Gpus(int gpus, std::optional<int> nodes = std::nullopt) {
  JobRequest request;
  request.gpus = gpus;
  request.nodes = nodes;
  return request;
}

TEST(JobRequest, TakesAsFewNodesAsHoldTheGpus) {
  for (const auto& [gpus, nodes] : {std::pair(1, 1), {3, 1}, {4, 1}, {6, 2}, {8, 2}, {12, 3}}) {
    const JobShape shape = Shape(Gpus(gpus));
    EXPECT_EQ(shape.nodes, nodes) << gpus;
    EXPECT_EQ(shape.gpus_per_node, gpus / nodes) << gpus;
    EXPECT_EQ(shape.ranks(), gpus);
  }
}

TEST(JobRequest, MoreNodesThanNeededAreGivenWhenAskedFor) {
  const JobShape shape = Shape(Gpus(4, 2));
  EXPECT_EQ(shape.nodes, 2);
  EXPECT_EQ(shape.gpus_per_node, 2);
}

TEST(JobRequest, WholeNodesHaveAllMemoryAndPartsTheirShare) {
  EXPECT_EQ(Shape(Gpus(8)).memory_mib, 0);
  EXPECT_EQ(Shape(Gpus(3)).memory_mib, 3000);
  EXPECT_EQ(Shape(Gpus(4, 2)).memory_mib, 2000);
  EXPECT_EQ(Shape(Gpus(3)).cores_per_rank, 12);
  EXPECT_EQ(Shape(Gpus(3), ProfileWith("  memory_mib_per_gpu: 1000\n", "")).memory_mib,
            std::nullopt);
}

TEST(JobRequest, TheOnlyGpuOfANodeLeavesItsMemoryToOthers) {
  EXPECT_EQ(Shape(Gpus(1), ProfileWith("per_node: 4", "per_node: 1")).memory_mib, 1000);
}

TEST(JobRequest, APartOfAGpuBringsItsOwnCoresAndMemory) {
  JobRequest request;
  request.gpu = "a100_1g.5gb";
  const JobShape shape = Shape(request);
  EXPECT_EQ(shape.gpu, "a100_1g.5gb");
  EXPECT_EQ(shape.gpu_memory_gb, 5);
  EXPECT_EQ(shape.cores_per_rank, 1);
  EXPECT_EQ(shape.memory_mib, 300);
}

TEST(JobRequest, UnknownModelsAreRefusedWithNearNames) {
  JobRequest request;
  request.gpu = "a1000";
  EXPECT_EQ(Refusal(request),
            "f:4:1: --gpu a1000: cliff has a100, a100_1g.5gb; did you mean 'a100'? (source: page "
            "Cliff, May 2026)");
  request.gpu = "rtx_pro_6000";
  EXPECT_EQ(
      Refusal(request),
      "f:4:1: --gpu rtx_pro_6000: cliff has a100, a100_1g.5gb (source: page Cliff, May 2026)");
  EXPECT_THAT(Refusal(request, ProfileWith("  model: \"a100\"\n", "")),
              HasSubstr("cliff has a100_1g.5gb; leave --gpu out for a whole GPU"));
}

TEST(JobRequest, MoreGpusThanNodesHaveAreRefusedWhereTheProfileSaysHowMany) {
  EXPECT_EQ(
      Refusal(Gpus(8, 1)),
      "f:7:3: --gpus 8 --nodes 1 is more than the 4 a100 GPUs that a node of cliff has; --nodes 2 "
      "or more would do (source: page Cliff, May 2026)");
}

TEST(JobRequest, NodesMustShareTheGpusEqually) {
  EXPECT_EQ(Refusal(Gpus(5, 3)),
            "f:7:3: 5 GPUs cannot be spread equally over 3 nodes: ask for --gpus 3 or --gpus 6 "
            "(source: page Cliff, May 2026)");
  EXPECT_THAT(Refusal(Gpus(7)),
              HasSubstr("7 GPUs cannot be spread equally over 2 nodes (a node has "
                        "4): ask for --gpus 6 or --gpus 8"));
  EXPECT_THAT(Refusal(Gpus(1, 2)), HasSubstr("over 2 nodes: ask for --gpus 2"));
}

TEST(JobRequest, WholeNodesAreWhole) {
  const std::string whole = ProfileWith("longest_time", "whole_nodes: true\nlongest_time");
  EXPECT_EQ(Shape(Gpus(8), whole).memory_mib, 0);
  EXPECT_EQ(
      Refusal(Gpus(6), whole),
      "f:12:1: cliff gives whole nodes only, of 4 a100 GPUs each: --gpus must be 8 for 2 nodes, "
      "not 6 (source: page Cliff, May 2026)");
  EXPECT_THAT(Refusal(Gpus(1), whole), HasSubstr("--gpus must be 4 for 1 node, not 1"));
  EXPECT_THAT(Refusal(Gpus(4, 2), whole), HasSubstr("--gpus must be 8 for 2 nodes, not 4"));
}

TEST(JobRequest, APartOfAGpuTakesOneRank) {
  for (const auto& asked : {Gpus(2), Gpus(2, 2), Gpus(1, 2)}) {
    JobRequest request = asked;
    request.gpu = "a100_1g.5gb";
    EXPECT_EQ(
        Refusal(request),
        "f:10:3: a100_1g.5gb is a part of a GPU (MIG): one rank at most, as NCCL does not run "
        "between such parts; --gpus 1 without --nodes, or whole GPUs with --gpu a100 (source: "
        "page Cliff, May 2026)");
  }
}

TEST(JobRequest, TimesAreWithinTheLimits) {
  JobRequest request;
  request.time = "1-0";
  EXPECT_EQ(Shape(request).seconds, 86400);
  request.time = "36:00:00";
  EXPECT_EQ(
      Refusal(request),
      "f:12:1: --time 1-12:00:00 is longer than the 1-00:00:00 that a job may take on cliff; a "
      "longer training goes on in further jobs: --time 1-00:00:00 --blocks 2 (source: page "
      "Cliff, May 2026)");
  request.time = "3:00";
  EXPECT_EQ(
      Refusal(request),
      "f:13:1: --time 3:00 is 3 min 00 s, shorter than the 00:05:00 that a job must ask for on "
      "cliff (source: page Cliff, May 2026)");
  request.time = "3h";
  EXPECT_THAT(Refusal(request), HasSubstr("--time 3h is no time; write hours:minutes:seconds"));
}

TEST(JobRequest, BlocksAreJobsThatCount) {
  JobRequest request;
  request.blocks = 11;
  EXPECT_THAT(Refusal(request), HasSubstr("f:14:1: --blocks 11 is more than the 10 jobs"));
}

JobRequest Besides(const std::string& option) {
  JobRequest request = Gpus(2);
  request.sbatch = {"--mail-type=END", "-p", option};
  return request;
}

TEST(JobRequest, OptionsForSbatchMayTakeNoMoreCoresThanThereAreForAGpu) {
  EXPECT_NO_THROW(Shape(Besides("--cpus-per-task=12")));
  for (const char* option : {"--cpus-per-task=13", "--cpus-per-task 13", "-c13", "-c 13"}) {
    EXPECT_EQ(Refusal(Besides(option)),
              std::string("f:8:3: --sbatch=") + option +
                  " is more than the 12 cores for each a100 GPU on cliff (source: page Cliff, May "
                  "2026)");
  }
  EXPECT_THAT(Refusal(Besides("-c many")), HasSubstr("cores are a whole number"));
}

TEST(JobRequest, OptionsForSbatchMayTakeNoMoreMemoryThanThereIsForTheGpus) {
  EXPECT_NO_THROW(Shape(Besides("--mem=2000M")));
  EXPECT_NO_THROW(Shape(Besides("--mem=1G")));
  for (const char* option : {"--mem=2001", "--mem=2G", "--mem=1T", "--mem=0"}) {
    EXPECT_THAT(Refusal(Besides(option)),
                HasSubstr(std::string("f:9:3: --sbatch=") + option +
                          " is more than the 2000M that go with 2 a100 GPUs of a node on cliff"));
  }
  EXPECT_THAT(Refusal(Besides("--mem=much")), HasSubstr("memory is written as 8192M or 8G"));
  JobRequest whole = Besides("--mem=9T");
  whole.gpus = 4;
  EXPECT_NO_THROW(Shape(whole));
}

TEST(JobRequest, OptionsForSbatchMayNotContradictTheJob) {
  for (const char* option : {"-N 2", "-N2", "--gres=gpu:4", "--gpus-per-task=1", "-n8", "-G 8"}) {
    EXPECT_EQ(Refusal(Besides(option)), std::string("f: --sbatch=") + option +
                                            " would change the job behind our back: use --gpus, "
                                            "--nodes and --gpu");
  }
  EXPECT_THAT(Refusal(Besides("-t 9-0")), HasSubstr("use --time"));
  EXPECT_THAT(Refusal(Besides("--array=1-3")), HasSubstr("use --blocks"));
  EXPECT_THAT(Refusal(Besides("--mem-per-gpu=4G")), HasSubstr("use --sbatch=--mem"));
}

TEST(JobRequest, AllThatIsWrongIsSaidAtOnce) {
  JobRequest request = Gpus(7);
  request.time = "9-0";
  const std::string refusal = Refusal(request);
  EXPECT_THAT(refusal, HasSubstr("--time 9-00:00:00"));
  EXPECT_THAT(refusal, HasSubstr("7 GPUs cannot be spread"));
}

}  // namespace
}  // namespace seve
