#include "cli/eval.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "base/text.h"
#include "cli/data_root.h"
#include "cli/mistakes.h"
#include "cli/replica.h"
#include "comm/solo/solo_communicator.h"
#include "report/pictures/prediction_pictures.h"
#include "train/figures.h"
#include "train/prediction_collector.h"

namespace seve {
namespace {

struct EvalOptions {
  std::string path;
  std::string checkpoint = "latest";
  std::string split = "test";
  std::string data;
  int mistakes = 0;
  std::string pictures;
};

PredictionCollector::Limits LimitsFor(const EvalOptions& options, const Graph& graph) {
  PredictionCollector::Limits limits;
  if (!options.pictures.empty()) limits = PredictionCollector::ForPictures(graph);
  limits.worst = std::max(limits.worst, static_cast<size_t>(options.mistakes));
  return limits;
}

void Save(const Judgement& judgement, const PredictionsEvent& predictions,
          const std::string& folder) {
  SavePredictions(predictions, folder);
  if (judgement.confusion) {
    SaveConfusion(*judgement.confusion, NameOf(judgement.split), folder);
  }
}

int Evaluate(const EvalOptions& options) {
  const Replica replica(options.path, options.checkpoint, DataRoot(options.data));
  const Setup& setup = replica.setup();
  const auto communicator = MakeSoloCommunicator();
  Judge judge(setup, replica.parameters(), *communicator);
  const Split split = options.split == "test" ? Split::kTest : Split::kValidation;
  if (judge.Samples(split) == 0)
    ThrowUsage(fmt::format("{}: the {} split is empty", options.path, options.split));
  const bool classifies = IsClassification(setup.graph);
  if (options.mistakes > 0 && !classifies) {
    ThrowUsage(
        fmt::format("{}: only classifiers make --mistakes, and the first loss of this model "
                    "compares numbers",
                    options.path));
  }
  if (replica.checkpoint().state.data_hash() != setup.data.train->ContentHash()) {
    fmt::print(stderr, "warning: this model was trained on other data than {}\n",
               setup.data.train->Describe());
  }
  std::optional<PredictionCollector> collector;
  if (options.mistakes > 0 || !options.pictures.empty()) {
    collector.emplace(setup, judge, split, LimitsFor(options, setup.graph));
  }
  const Judgement judgement = judge.Run(split);
  PredictionsEvent predictions;
  if (collector) predictions = collector->Gather(*communicator);

  fmt::print("{}, step {}, on {} {} samples\n", replica.checkpoint().path,
             WithThousands(replica.checkpoint().state.step()),
             WithThousands(judgement.sums.samples), options.split);
  fmt::print("loss      {:.4f}\n", judgement.sums.loss);
  if (!options.pictures.empty()) Save(judgement, predictions, options.pictures);
  if (!classifies) return 0;
  fmt::print("accuracy  {:.2f} %\n", 100 * judgement.sums.accuracy);
  for (const auto& [name, value] : judgement.metrics) {
    fmt::print("{:<9} {:.2f} %\n", name, 100 * value);
  }
  if (options.mistakes > 0) {
    const auto wanted = static_cast<size_t>(options.mistakes);
    if (predictions.worst.size() > wanted) predictions.worst.resize(wanted);
    fmt::print("\n{}", DrawMistakes(predictions, DetectTerminal(STDOUT_FILENO)));
  }
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
  command
      ->add_option("--pictures", options->pictures,
                   "Write pictures of the best, the worst and some predictions and the confusion "
                   "of classes into this folder")
      ->type_name("DIR");
  command->callback([options, action] { *action = [options] { return Evaluate(*options); }; });
}

}  // namespace seve
