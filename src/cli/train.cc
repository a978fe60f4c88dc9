#include "cli/train.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/data_root.h"
#include "cli/rank_scope.h"
#include "config/load.h"
#include "layers/cpu/blas_check.h"
#include "report/observers.h"
#include "train/agreement.h"
#include "train/run_directory.h"
#include "train/trainer.h"

namespace seve {
namespace {

struct TrainOptions {
  std::string config;
  std::vector<std::string> sets;
  std::string run;
  std::string data;
  bool resume = false, overwrite = false, quiet = false;

  [[nodiscard]] ExistingRun existing() const {
    if (resume) return ExistingRun::kResume;
    return overwrite ? ExistingRun::kOverwrite : ExistingRun::kRefuse;
  }
};

// What rank 0 alone has: the run directory, the checkpoint to go on from, and whoever watches.
struct RootState {
  std::string directory;
  std::optional<LoadedCheckpoint> checkpoint;
  std::vector<std::unique_ptr<RunObserver>> observers;
};

void Append(std::vector<std::unique_ptr<RunObserver>> more,
            std::vector<std::unique_ptr<RunObserver>>& observers) {
  std::ranges::move(more, std::back_inserter(observers));
}

RootState OpenRun(const TrainOptions& options, const Configuration& configuration, Logger& logger) {
  RootState root;
  const auto wanted = options.run.empty() ? DefaultRunDirectory(options.config) : options.run;
  const RunDirectory directory(wanted, options.existing());
  root.directory = directory.path();
  logger.AddFile(directory.File("log.txt"));
  std::optional<int64_t> resumed_at;
  if (options.resume) {
    std::vector<std::string> warnings;
    root.checkpoint =
        CheckpointStore(directory.File("checkpoints"), configuration.proto.checkpoints().keep())
            .ReadNewest(&warnings);
    for (const auto& warning : warnings) logger.Warn(warning);
    resumed_at = root.checkpoint ? root.checkpoint->state.step() : 0;
  }
  WriteFileAtomically(directory.File("config.textproto"), ResolvedText(configuration.proto));
  Append(FileObservers(directory, resumed_at), root.observers);
  if (!options.quiet) Append(ConsoleObservers(), root.observers);
  return root;
}

int TrainRank(const TrainOptions& options, Communicator& communicator, Logger& logger) {
  const bool is_root = communicator.rank() == 0;
  std::unique_ptr<Setup> setup;
  std::unique_ptr<BatchGeometry> geometry;
  RootState root;
  RunAgreed(communicator, [&] {
    CheckBlas();
    auto configuration = LoadConfiguration(options.config, options.sets);
    setup = std::make_unique<Setup>(std::move(configuration), DataRoot(options.data));
    geometry = std::make_unique<BatchGeometry>(setup->configuration, communicator.size(),
                                               communicator.rank(), setup->sampler.train_size());
  });
  // Only now, so that a mistake above leaves nothing behind.
  RunAgreed(communicator, [&] {
    if (is_root) root = OpenRun(options, setup->configuration, logger);
  });

  Context context{communicator, logger, {}};
  for (const auto& observer : root.observers) context.observers.push_back(observer.get());

  std::unique_ptr<Trainer> trainer;
  RunAgreed(communicator, [&] {
    trainer = std::make_unique<Trainer>(*setup, *geometry, context, root.directory);
  });
  double resumes = root.checkpoint ? 1 : 0;
  communicator.AllReduceSum({&resumes, 1});
  if (resumes > 0) trainer->Resume(root.checkpoint ? &*root.checkpoint : nullptr);
  return trainer->Run().exit_code;
}

}  // namespace

void AddTrainCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<TrainOptions>();
  auto* command = app.add_subcommand("train", "Train the model of a configuration");
  command->add_option("config", options->config, "Configuration file (.textproto)")->required();
  command
      ->add_option("--set", options->sets,
                   "Override one field, e.g. --set optimizer.sgd.learning_rate=0.05 or "
                   "--set model.hidden.linear.units=100; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option(
      "--run", options->run,
      "Run directory: metrics, checkpoints, log; unset: runs/NAME of the configuration");
  command->add_option("--data", options->data, kDataHelp);
  auto* resume = command->add_flag(
      "--resume", options->resume,
      "Go on from the run directory's newest checkpoint; starts when there is none");
  command->add_flag("--overwrite", options->overwrite, "Discard what the run directory holds")
      ->excludes(resume);
  command->add_flag("--quiet", options->quiet, "Print warnings and errors only");
  command->callback([options, action] {
    *action = [options] {
      return WithRank([&](Communicator& communicator, Logger& logger) {
        return TrainRank(*options, communicator, logger);
      });
    };
  });
}

}  // namespace seve
