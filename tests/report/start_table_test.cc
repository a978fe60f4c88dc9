#include "report/start_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/text.h"
#include "report/a_run.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string TableOf(const RunSummary& summary, const Terminal& terminal) {
  std::ostringstream out;
  StartTable(out, [&] { return terminal; }).OnStart(summary);
  return out.str();
}

TEST(StartTable, ShowsLayersDataRanksBatchRateAndLength) {
  EXPECT_EQ(TableOf(MlpSummary(), Pipe()), R"(Seve  configs/mnist_mlp.textproto

layer      kind     input      output  parameters
-------------------------------------------------
flatten_1  flatten  input      784              -
hidden     linear   flatten_1  200        157,000
scores     linear   hidden     10           2,010
-------------------------------------------------
total                                     159,010

data       MNIST from /data/mnist (60,000 samples)
           48,000 training, 12,000 validation, 10,000 test samples
ranks      2 CPU ranks on node1, shared memory
batch      64 samples a step, 32 on each of 2 ranks, 2 micro-batches
optimizer  sgd, momentum 0.9; learning rate 0.1, constant
length     10 epochs of 750 steps, 7,500 in all
run        runs/mnist_mlp

)");
}

TEST(StartTable, TellsFrozenLayersShapesAndResumption) {
  auto summary = MlpSummary();
  summary.layers[0].output = {1, 28, 28};
  summary.layers[1].frozen = true;
  summary.trainable_parameters = 2010;
  summary.resumed_at_step = 1500;
  summary.epochs = 1.5;
  const std::string text = TableOf(summary, PlainTerminal(80));
  EXPECT_THAT(text, HasSubstr("Sève  configs"));
  EXPECT_THAT(text, HasSubstr("1×28×28"));
  EXPECT_THAT(text, HasSubstr("hidden     linear, frozen  flatten_1  200"));
  EXPECT_THAT(text, testing::ContainsRegex("trained +2,010\n"));
  EXPECT_THAT(text, HasSubstr("1.50 epochs of 750 steps, 7,500 in all; resumed after step 1,500"));
}

TEST(StartTable, NamesGpus) {
  auto summary = MlpSummary();
  summary.devices = "2 GPU ranks";
  summary.device = "NVIDIA H200 (139.8 GiB) on each of 2 ranks, BF16, one graph a step";
  EXPECT_THAT(TableOf(summary, Pipe()), HasSubstr(R"(
ranks      2 GPU ranks, shared memory
device     NVIDIA H200 (139.8 GiB) on each of 2 ranks, BF16, one graph a step
batch )"));
}

TEST(StartTable, SpeaksOfOneRankAndOneMicroBatchInTheSingular) {
  auto summary = MlpSummary();
  summary.world = 1;
  summary.micro_batches = 1;
  summary.validation_samples = summary.test_samples = 0;
  const std::string text = TableOf(summary, Pipe());
  EXPECT_THAT(text, HasSubstr("batch      64 samples a step, 1 micro-batch\n"));
  EXPECT_THAT(text, HasSubstr("           48,000 training samples\n"));
}

TEST(StartTable, FitsTheTerminalWhateverTheNames) {
  auto summary = MlpSummary();
  summary.layers[1].name = "a_very_long_name_of_a_layer_that_somebody_thought_was_a_good_idea";
  summary.layers[2].inputs = summary.layers[1].name + ", flatten_1";
  summary.schedule =
      "cosine to 0.001 over the whole run after a linear warm-up over 1 epoch from 0.01";
  for (const int columns : {60, 80, 100}) {
    std::istringstream lines(TableOf(summary, PlainTerminal(columns)));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(DisplayWidth(line), static_cast<size_t>(columns)) << line;
    }
  }
}

TEST(StartTable, HasColourOnlyWhereTheTerminalShowsIt) {
  auto terminal = PlainTerminal(80);
  EXPECT_THAT(TableOf(MlpSummary(), terminal), Not(HasSubstr("\x1b")));
  terminal.colour = true;
  EXPECT_THAT(TableOf(MlpSummary(), terminal), HasSubstr("\x1b[1mSève\x1b[0m"));
}

}  // namespace
}  // namespace seve
