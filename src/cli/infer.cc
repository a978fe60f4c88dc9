#include "cli/infer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/data_root.h"
#include "cli/infer_pictures.h"
#include "cli/infer_table.h"
#include "cli/prediction_csv.h"
#include "cli/replica.h"
#include "comm/solo/solo_communicator.h"
#include "train/figures.h"
#include "train/judge.h"

namespace seve {
namespace {

struct InferOptions {
  std::string path;
  std::vector<std::string> files;
  std::string checkpoint;
  std::string split;
  std::string data;
  std::string csv;
  size_t top = 3;
  bool invert = false;
};

// The best checkpoint of a run that has one.
std::string CheckpointOf(const InferOptions& options) {
  if (!options.checkpoint.empty()) return options.checkpoint;
  return std::filesystem::exists(options.path + "/checkpoints/best") ? "best" : "latest";
}

Split SplitOf(const InferOptions& options, const Judge& judge) {
  if (options.split == "validation") return Split::kValidation;
  if (options.split == "test" || judge.Samples(Split::kTest) > 0) return Split::kTest;
  return Split::kValidation;
}

// The scores of the test set's samples, or whichever split is asked for.
std::string PredictSplit(const InferOptions& options, const Replica& replica) {
  const Setup& setup = replica.setup();
  const auto communicator = MakeSoloCommunicator();
  Judge judge(setup, replica.parameters(), *communicator);
  const Split split = SplitOf(options, judge);
  if (judge.Samples(split) == 0) {
    ThrowUsage(fmt::format("{}: the {} split is empty", options.path, NameOf(split)));
  }
  const bool classifies = IsClassification(setup.graph);
  const auto outputs = static_cast<size_t>(ClassesOf(setup.graph));
  PredictionCsv csv(classifies ? judge.ClassNames() : std::vector<std::string>(), outputs, true);
  const auto index = judge.Index(split);
  judge.Observe([&](int64_t position, const Tensor& scores, const Tensor& target) {
    const auto rows = static_cast<size_t>(scores.shape()[0]);
    for (size_t row = 0; row < rows; ++row) {
      const auto sample = std::to_string(index(position + static_cast<int64_t>(row)));
      const auto values = scores.Flat<float>().subspan(row * outputs, outputs);
      if (classifies) {
        csv.AddClassified(sample, values, target.Flat<int32_t>()[row]);
      } else {
        csv.AddRegression(sample, values, target.Flat<float>().subspan(row * outputs, outputs));
      }
    }
  });
  judge.Run(split);
  return csv.text();
}

void Show(const InferOptions& options, const std::string& table) {
  if (options.csv.empty()) {
    fmt::print("{}", table);
  } else {
    WriteFileAtomically(options.csv, table);
  }
}

int Infer(const InferOptions& options) {
  const std::string root = DataRoot(options.data);
  const Replica replica(options.path, CheckpointOf(options), root);
  if (options.files.empty()) {
    Show(options, PredictSplit(options, replica));
    return 0;
  }
  if (std::ranges::any_of(options.files, IsTable)) {
    if (options.files.size() > 1)
      ThrowUsage("give one file of samples, or JPEG and PNG pictures only");
    Show(options, InferTable(replica, options.files.front(), root));
    return 0;
  }
  const PictureInference inference(replica, options.files, options.invert);
  fmt::print("{}", inference.Text(options.top, DetectTerminal(STDOUT_FILENO)));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, inference.Csv());
  return 0;
}

}  // namespace

void AddInferCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<InferOptions>();
  auto* command = app.add_subcommand(
      "infer",
      "Predictions of a trained model for pictures, for a file of samples or its test set");
  command->add_option("path", options->path, "Run directory, or a checkpoint inside one")
      ->required();
  auto* files =
      command
          ->add_option("files", options->files,
                       "JPEG or PNG pictures; or, of a model trained on data.tensors, one .npy, "
                       ".safetensors or .csv file of samples; without any, the test set (where it "
                       "is empty the validation split). All but pictures become CSV")
          ->type_name("FILE");
  command
      ->add_option("--checkpoint", options->checkpoint,
                   "Which checkpoint of a run directory; unset: best, latest where there is none")
      ->check(CLI::IsMember({"latest", "best"}));
  command->add_option("--split", options->split, "Samples to predict")
      ->check(CLI::IsMember({"test", "validation"}))
      ->excludes(files);
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->add_option("--csv", options->csv, "Write the table into this file")->type_name("FILE");
  command->add_option("--top", options->top, "Show this many classes of each picture")
      ->type_name("K")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_flag("--invert", options->invert,
                 "Dark becomes light: MNIST is white on black, paper is not")
      ->needs(files);
  command->callback([options, action] { *action = [options] { return Infer(*options); }; });
}

}  // namespace seve
