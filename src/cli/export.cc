#include "cli/export.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/replica.h"
#include "train/weight_average.h"
#include "train/weight_names.h"

namespace seve {
namespace {

struct ExportOptions {
  std::string path;
  std::string checkpoint = "latest";
  std::string names = "SEVE";
  std::string output;
};

int Export(const ExportOptions& options) {
  config::WeightNames names = config::SEVE;
  Check(config::WeightNames_Parse(options.names, &names), "the command line lets known names pass");
  const LoadedCheckpoint checkpoint =
      ReadCheckpoint(FindCheckpoint(options.path, options.checkpoint).folder);
  std::vector<NamedTensor> tensors = TrainedTensors(checkpoint);
  std::vector<std::string> ours;
  for (const auto& tensor : tensors) ours.push_back(tensor.name);
  const auto theirs = ForeignNames(names, ours);
  int64_t values = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].name = theirs[i];
    values += tensors[i].tensor.elements();
  }
  std::vector<std::byte> file;
  EncodeSafetensors(tensors, {{"format", "pt"}}, &file);
  WriteFileAtomically(options.output, {reinterpret_cast<const char*>(file.data()), file.size()});
  fmt::print("{}: {} tensors of {} values, from {}\n", options.output, tensors.size(),
             WithThousands(values), checkpoint.path);
  return 0;
}

}  // namespace

void AddExportCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<ExportOptions>();
  auto* command = app.add_subcommand(
      "export", "Write a trained model's weights for other programs, as safetensors");
  command->add_option("path", options->path, "Run directory, or a checkpoint inside one")
      ->required();
  command->add_option("-o,--output", options->output, "The .safetensors file to write")
      ->type_name("FILE")
      ->required();
  command->add_option("--checkpoint", options->checkpoint, "Which checkpoint of a run directory")
      ->check(CLI::IsMember({"latest", "best"}))
      ->capture_default_str();
  command->add_option("--names", options->names, "How the file calls them")
      ->check(CLI::IsMember({"SEVE", "TORCHVISION_RESNET"}))
      ->capture_default_str();
  command->callback([options, action] { *action = [options] { return Export(*options); }; });
}

}  // namespace seve
