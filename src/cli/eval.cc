#include "cli/eval.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "cli/data_root.h"
#include "cli/mistakes.h"
#include "cli/replica.h"
#include "comm/solo/solo_communicator.h"
#include "model/evaluator.h"

namespace seve {
namespace {

struct EvalOptions {
  std::string path;
  std::string checkpoint = "latest";
  std::string split = "test";
  std::string data;
  int mistakes = 0;
};

int Evaluate(const EvalOptions& options) {
  const Replica replica(options.path, options.checkpoint, DataRoot(options.data));
  const Setup& setup = replica.setup();
  const bool test = options.split == "test";
  const Dataset& data = test ? *setup.data.test : *setup.data.train;
  const int64_t samples = test ? data.size() : setup.sampler.validation_size();
  if (samples == 0)
    ThrowUsage(fmt::format("{}: the {} split is empty", options.path, options.split));
  const auto index = [&](int64_t position) {
    return test ? position : setup.sampler.Validation(position);
  };

  if (replica.checkpoint().state.data_hash() != setup.data.train->ContentHash()) {
    fmt::print(stderr, "warning: this model was trained on other data than {}\n",
               setup.data.train->Describe());
  }
  Evaluator evaluator(setup.graph, setup.layout, replica.parameters(),
                      setup.configuration.proto.evaluation().batch_size());
  MistakeFinder mistakes(data, index, options.mistakes);
  if (options.mistakes > 0) {
    evaluator.Observe(
        [&](int64_t position, const Tensor& scores) { mistakes.Look(position, scores); });
  }
  const auto communicator = MakeSoloCommunicator();
  const auto sums = evaluator.Run(data, samples, index, *communicator, true);

  fmt::print("{}, step {}, on {} {} samples\n", replica.checkpoint().path,
             WithThousands(replica.checkpoint().state.step()), WithThousands(samples),
             options.split);
  fmt::print("loss      {:.4f}\n", sums.loss);
  if (!setup.graph.losses.front().loss->IsClassification()) return 0;
  fmt::print("accuracy  {:.2f} %\n", 100 * sums.accuracy);
  if (options.mistakes > 0) fmt::print("\n{}", mistakes.Draw(DetectTerminal(STDOUT_FILENO)));
  return 0;
}

}  // namespace

void AddEvalCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<EvalOptions>();
  auto* command =
      app.add_subcommand("eval", "Judge a trained model on its test or validation split");
  command->add_option("path", options->path, "Run directory, or a checkpoint inside one")
      ->required();
  command->add_option("--checkpoint", options->checkpoint, "Which checkpoint of a run directory")
      ->check(CLI::IsMember({"latest", "best"}))
      ->capture_default_str();
  command->add_option("--split", options->split, "Samples to judge on")
      ->check(CLI::IsMember({"test", "validation"}))
      ->capture_default_str();
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->add_option("--mistakes", options->mistakes, "Draw this many of the worst mistakes")
      ->type_name("N")
      ->check(CLI::Range(0, 100));
  command->callback([options, action] { *action = [options] { return Evaluate(*options); }; });
}

}  // namespace seve
