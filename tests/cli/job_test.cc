#include "cli/job.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "config/cluster_testing.h"
#include "config/load.h"
#include "data/registry.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kDigits = R"(data { digits { train: 100 test: 10 } }
batch { size: 128 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 200 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.1 } }
epochs: 10
)";

struct Printed {
  std::string out, err;
};

class JobCommandTest : public ::testing::Test {
 protected:
  JobCommandTest() {
    setenv("CLIFF_SCRATCH", folder_.c_str(), 1);
    unsetenv("SEVE_DATA");
    Write("digits.textproto", kDigits);
    Write("cliff.textproto", testing::kProfile);
  }
  ~JobCommandTest() override { unsetenv("CLIFF_SCRATCH"); }

  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = fs::path(folder_) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  // What `seve job digits.textproto --cluster cliff.textproto ARGUMENTS` prints.
  Printed Job(const std::string& arguments, const std::string& config = "digits.textproto") {
    CLI::App app("test", "seve");
    std::function<int()> action;
    AddJobCommand(app, &action);
    app.parse(
        "job " + folder_ + "/" + config + " --cluster " + folder_ + "/cliff.textproto " + arguments,
        false);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Printed printed;
    try {
      EXPECT_EQ(action(), 0);
    } catch (...) {
      EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
      ::testing::internal::GetCapturedStderr();
      throw;
    }
    printed.out = ::testing::internal::GetCapturedStdout();
    printed.err = ::testing::internal::GetCapturedStderr();
    return printed;
  }
  std::string Refusal(const std::string& arguments,
                      const std::string& config = "digits.textproto") {
    return MessageOf(ExitCode::kUsage, [&] { Job(arguments, config); });
  }

  TemporaryFolder temporary_;
  std::string folder_ = temporary_.path();
};

TEST_F(JobCommandTest, PrintsTheHeaderAloneOnStandardOutputAndThePlanBeside) {
  const Printed printed = Job("--gpus 2");
  EXPECT_EQ(printed.out, R"(#SBATCH --job-name=digits
#SBATCH --nodes=1
#SBATCH --gpus-per-node=a100:2
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=12
#SBATCH --mem=2000M
#SBATCH --time=03:00:00
#SBATCH --signal=B:USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=)" + folder_ +
                             R"(/runs/digits/slurm/%x-%j.out

readonly modules=(gcc/12.3 cuda/12.6)
readonly account_prefix=def-
readonly run=)" + folder_ + R"(/runs/digits
readonly data_sets=()
readonly data_root=)" + folder_ +
                             R"(/data
readonly checkpoint_notice=120
)");
  EXPECT_THAT(printed.err,
              AllOf(HasSubstr("Cliff: 1 node x 2 a100; 2 ranks, 12 cores a rank"),
                    HasSubstr("3 h 00 min 00 s; a checkpoint is asked for 120 s before the end"),
                    HasSubstr("159,010 parameters; a rank needs"), HasSubstr("of 40 GB"),
                    HasSubstr("128 samples a step, 64 on each rank"), Not(HasSubstr("warning"))));
}

TEST_F(JobCommandTest, AFaultyConfigurationIsRefusedAsTrainingWould) {
  Write("wrong.textproto", std::string(kDigits) + "epoch: 3\n");
  EXPECT_THAT(Refusal("", "wrong.textproto"),
              HasSubstr("wrong.textproto:11:1: the configuration has no field 'epoch'"));
  EXPECT_THAT(
      Refusal("--set batch.size=130 --gpus 4"),
      HasSubstr("a batch of 130 cannot be shared equally by 4 ranks; world sizes that work"));
  EXPECT_THAT(Refusal("--set model.scores.linear.units=7"), HasSubstr("7"));
}

TEST_F(JobCommandTest, ModelsThatDoNotFitTheGpuAreRefused) {
  const std::string refusal = Refusal("--set model.hidden.linear.units=9000000 --gpu a100_1g.5gb");
  EXPECT_THAT(refusal, StartsWith(folder_ + "/cliff.textproto:10:29: "));
  EXPECT_THAT(refusal, AllOf(HasSubstr("a rank needs "),
                             HasSubstr("more than the 4.7 GiB (5 GB) of "
                                       "a GPU (a100_1g.5gb)"),
                             HasSubstr("a smaller model or a GPU with more memory"),
                             HasSubstr("(source: page Cliff, May 2026)")));
  EXPECT_THAT(Refusal("--set batch.size=16000000 --gpu a100_1g.5gb"),
              HasSubstr("more batch.micro_batches, a smaller batch or more GPUs need less"));
}

TEST_F(JobCommandTest, FewSamplesOnARankBringAWarningWithTheAlternative) {
  EXPECT_THAT(
      Job("--gpus 8").err,
      HasSubstr(
          "warning: 16 samples a step on each of 8 ranks, fewer than 32: GPUs would mostly wait "
          "for each other. 32 on each, 256 a step, with --set batch.size_per_rank=32 --set "
          "optimizer.reference_batch_size=128 (the learning rate grows with it)"));
  const auto larger =
      Job("--gpus 8 --set batch.size_per_rank=32 --set optimizer.reference_batch_size=128");
  EXPECT_THAT(larger.err, AllOf(Not(HasSubstr("warning")), HasSubstr("256 samples a step")));
  EXPECT_THAT(Job("--gpus 8 --set reproducible=true --set batch.micro_batches=8").err,
              HasSubstr("--set batch.size=256"));
  EXPECT_THAT(Job("--gpus 1 --set batch.size=8").err, Not(HasSubstr("warning")));
}

TEST_F(JobCommandTest, SayingCpuOrMinutesBringsAWarning) {
  EXPECT_THAT(Job("--set device=CPU").err, HasSubstr("the configuration says device: CPU"));
  EXPECT_THAT(Job("--time 12:00").err,
              HasSubstr("--time 12:00 is minutes:seconds, 12 min 00 s; for hours and minutes write "
                        "--time 12:00:00"));
}

TEST_F(JobCommandTest, WritesWhatTheJobTrains) {
  Write("over.textproto", "base: \"digits.textproto\"\nepochs: 3\n");
  const std::string written = folder_ + "/written.textproto";
  Job("--set seed=7 --write-config " + written, "over.textproto");
  const auto config = LoadConfiguration(written, {}).proto;
  EXPECT_EQ(config.epochs(), 3);
  EXPECT_EQ(config.seed(), 7u);
  EXPECT_EQ(config.batch().size(), 128);
}

TEST_F(JobCommandTest, WhatIsWrittenFindsItsDataFromAnyFolder) {
  Write("mine/points.csv", "x,y,target\n1,2,0.5\n3,4,0.25\n5,6,0.125\n");
  Write("points.textproto", R"(data {
  tensors { train { name: "input" file: "mine/points.csv" }
            train { name: "target" file: "mine/points.csv" column: "target" kind: VALUES } }
  validation_fraction: 0
}
batch { size: 2 }
model { layer { linear { units: 1 } } }
loss { mean_squared_error {} }
optimizer { sgd {} }
steps: 1
)");
  const std::string written = folder_ + "/runs/written.textproto";
  fs::create_directories(folder_ + "/runs");
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const Printed printed = Job("--write-config " + written, "points.textproto");
  fs::current_path(before);
  EXPECT_THAT(printed.out, HasSubstr("readonly data_sets=()\n"));
  EXPECT_EQ(OpenData(LoadConfiguration(written, {}).proto.data(), "").train->size(), 3);
}

TEST_F(JobCommandTest, RunDirectoriesThatSbatchCannotNameAreRefused) {
  EXPECT_THAT(Refusal("--run '" + folder_ + "/a\"b'"), HasSubstr("choose another"));
}

TEST_F(JobCommandTest, MissingDataEndWithTheirCommandUnlessSkipped) {
  const std::string arguments = "--set data.mnist={}";
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { Job(arguments); }),
              HasSubstr("seve data get mnist --data " + folder_ + "/data\n"));
  EXPECT_THAT(Job(arguments + " --skip-data").out, HasSubstr("readonly data_sets=(mnist)\n"));
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { Job(arguments + " --data " + folder_ + "/mine"); }),
              HasSubstr("seve data get mnist --data " + folder_ + "/mine\n"));
}

TEST_F(JobCommandTest, TheNoticeIsThreeTimesTheLongestCheckpoint) {
  Write("run/metrics.jsonl",
        "{\"event\": \"checkpoint\", \"pause_seconds\": 50.5, \"write_seconds\": 30}\n"
        "{\"event\": \"checkpoint\", \"pause_seconds\": 1, \"write_seconds\": 2}\n");
  EXPECT_THAT(Job("--run " + folder_ + "/run").out,
              AllOf(HasSubstr("--signal=B:USR1@242\n"), HasSubstr("checkpoint_notice=242\n")));
  Write("run/metrics.jsonl", "{\"event\": \"checkpoint\", \"write_seconds\": 2}\nhalf a li");
  EXPECT_THAT(Job("--run " + folder_ + "/run").out, HasSubstr("--signal=B:USR1@120\n"));
}

TEST_F(JobCommandTest, TheNoticeCoversTheLongestEvaluationOfEachSplitButTheTestSet) {
  const auto evaluation = [](const std::string& split, const std::string& speed) {
    return "{\"event\": \"evaluation\", \"split\": \"" + split +
           "\", \"samples\": 1000, \"samples_per_second\": " + speed + "}\n";
  };
  Write("run/metrics.jsonl", "{\"event\": \"checkpoint\", \"write_seconds\": 10}\n" +
                                 evaluation("validation", "20") + evaluation("validation", "10") +
                                 evaluation("validation", "null") + evaluation("validation", "0") +
                                 evaluation("train", "3") + evaluation("test", "1"));
  EXPECT_THAT(Job("--run " + folder_ + "/run").out, HasSubstr("--signal=B:USR1@464\n"));
}

TEST_F(JobCommandTest, AJobThatWouldStopAtOnceIsRefused) {
  Write("run/metrics.jsonl", "{\"event\": \"checkpoint\", \"write_seconds\": 200}\n");
  EXPECT_THAT(Refusal("--time 10 --run " + folder_ + "/run"),
              HasSubstr("--time 00:10:00 leaves no time to train: 600 s before its end"));
}

TEST_F(JobCommandTest, DataLargerThanTheDiskAreAskedForOrRefused) {
  for (const char* prefix : {"train", "t10k"}) {
    Write(std::string("data/mnist/") + prefix + "-images-idx3-ubyte", std::string(1000, 'x'));
    Write(std::string("data/mnist/") + prefix + "-labels-idx1-ubyte", "x");
  }
  const std::string mnist = "--set data.mnist={}";
  EXPECT_THAT(Job(mnist).out, Not(HasSubstr("--tmp")));
  Write("cliff.textproto",
        testing::ProfileWith("data_root", "local_disk { gb: 0.000001 most_gb: 9 }\ndata_root"));
  EXPECT_THAT(Job(mnist).out, HasSubstr("#SBATCH --tmp=1G\n"));
  Write("cliff.textproto",
        testing::ProfileWith("data_root", "local_disk { gb: 0.000001 }\ndata_root"));
  EXPECT_THAT(Refusal(mnist), AllOf(HasSubstr("cliff.textproto:17:1: the data take "),
                                    HasSubstr("that a node's disk has for a job")));
}

TEST_F(JobCommandTest, NamesARunThatIsNotThereYetOrWithResumeTheNewest) {
  fs::create_directories(folder_ + "/runs/digits");
  EXPECT_THAT(Job("").out, HasSubstr("readonly run=" + folder_ + "/runs/digits-2\n"));
  EXPECT_THAT(Job("--resume").out, HasSubstr("readonly run=" + folder_ + "/runs/digits\n"));
}

TEST_F(JobCommandTest, RootsOfTheProfileNeedTheirVariables) {
  unsetenv("CLIFF_SCRATCH");
  const Printed printed = Job("");
  EXPECT_THAT(printed.out, HasSubstr("readonly data_root=''\n"));
  EXPECT_THAT(printed.out, HasSubstr((fs::current_path() / "runs/digits/slurm").string()));
  EXPECT_THAT(
      MessageOf(ExitCode::kData, [&] { Job("--set data.mnist={}"); }),
      HasSubstr("(the profile's data_root, $CLIFF_SCRATCH/data, names a variable that is not "
                "set here)"));
}

}  // namespace
}  // namespace seve
