#include "cli/inspect.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/data_root.h"
#include "cli/inspect_checkpoint.h"
#include "cli/inspect_model.h"
#include "config/load.h"

namespace seve {
namespace {

struct InspectOptions {
  std::string path;
  std::vector<std::string> sets;
  std::string data;
  int ranks = 1;
  bool dot = false, batch = false, all = false;
};

int Inspect(const InspectOptions& options) {
  if (HoldsCheckpoint(options.path)) {
    if (!options.sets.empty()) {
      ThrowUsage(fmt::format(
          "{} is a run: --set changes configurations only; inspect its config.textproto",
          options.path));
    }
    fmt::print("{}", DescribeCheckpoint(options.path));
    return 0;
  }
  Configuration configuration = LoadConfiguration(options.path, options.sets);
  if (options.batch) {
    const auto& batch = configuration.proto.batch();
    fmt::print("{} {} {}\n", batch.size(), batch.micro_batches(),
               config::Device_Name(configuration.proto.device()));
    return 0;
  }
  const ModelInspection inspection(std::move(configuration), DataRoot(options.data), options.ranks);
  fmt::print("{}", options.dot ? inspection.Dot()
                               : inspection.Text(DetectTerminal(STDOUT_FILENO), options.all));
  return 0;
}

}  // namespace

void AddInspectCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<InspectOptions>();
  auto* command = app.add_subcommand(
      "inspect", "Show a configuration's layers, memory and gradient buckets, or a checkpoint");
  command
      ->add_option("path", options->path,
                   "Configuration file, run directory, or a checkpoint inside one")
      ->required();
  command
      ->add_option("--set", options->sets, "Override one field of a configuration; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->add_option("--ranks", options->ranks, "Ranks that will share the batch")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  auto* dot = command->add_flag("--dot", options->dot, "Print the graph for Graphviz");
  command->add_flag("--all", options->all,
                    "List every copy of repeated layers and every parameter of a bucket");
  command
      ->add_flag("--batch", options->batch,
                 "Print only the batch's size and micro_batches, 0 where unset, and the device "
                 "(for scripts)")
      ->excludes(dot);
  command->callback([options, action] { *action = [options] { return Inspect(*options); }; });
}

}  // namespace seve
