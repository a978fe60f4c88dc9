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
#include "comm/agreement.h"
#include "config/load.h"
#include "layers/cpu/blas_check.h"
#include "report/observers.h"
#include "train/consistency.h"
#include "train/dumper.h"
#include "train/rank_device.h"
#include "train/run_directory.h"
#include "train/tracer.h"
#include "train/trainer.h"
#include "train/watchdog/watchdog.h"

namespace seve {
namespace {

struct TrainOptions {
  std::string config;
  std::vector<std::string> sets;
  std::vector<std::string> dumps;
  std::string trace, trace_steps;
  std::string run;
  std::string data;
  bool resume = false, overwrite = false, quiet = false;

  [[nodiscard]] ExistingRun existing() const {
    if (resume) return ExistingRun::kResume;
    return overwrite ? ExistingRun::kOverwrite : ExistingRun::kRefuse;
  }
};

// What rank 0 alone has: the run directory and the checkpoint to go on from.
struct RootState {
  std::optional<RunDirectory> directory;
  std::optional<LoadedCheckpoint> checkpoint;

  [[nodiscard]] std::string path() const { return directory ? directory->path() : ""; }
};

std::string WantedDirectory(const TrainOptions& options) {
  if (!options.run.empty()) return options.run;
  return options.existing() == ExistingRun::kRefuse ? DefaultRunDirectory(options.config)
                                                    : NewestRunDirectory(options.config);
}

// Changes nothing in a run that is to be resumed: it may still turn out that it cannot be.
RootState OpenRun(const TrainOptions& options, int keep, Logger& logger) {
  RootState root;
  root.directory.emplace(WantedDirectory(options), options.existing());
  logger.AddFile(root.directory->File("log.txt"));
  if (!options.resume) return root;
  std::vector<std::string> warnings;
  root.checkpoint =
      CheckpointStore(root.directory->File("checkpoints"), keep).ReadNewest(&warnings);
  for (const auto& warning : warnings) logger.Warn(warning);
  return root;
}

using Observers = std::vector<std::unique_ptr<RunObserver>>;

// The run's files from here on: its configuration, and metrics without the lines after the
// checkpoint.
Observers BeginFiles(const TrainOptions& options, const config::Config& config,
                     const RootState& root, const Logger& logger) {
  std::optional<int64_t> resumed_at;
  if (options.resume) resumed_at = root.checkpoint ? root.checkpoint->state.step() : 0;
  WriteFileAtomically(root.directory->File("config.textproto"), ResolvedText(config));
  Observers observers = FileObservers(*root.directory, config.reporting(), resumed_at,
                                      [&logger](const std::string& text) { logger.Warn(text); });
  if (!options.quiet) std::ranges::move(ConsoleObservers(), std::back_inserter(observers));
  return observers;
}

// Names a rank that is lost and ends the job; nothing for a single rank or without silence.
std::unique_ptr<Watchdog> StartWatchdog(Communicator& communicator, double silence,
                                        const Logger& logger) {
  if (communicator.size() == 1 || silence == 0) return nullptr;
  return std::make_unique<Watchdog>(communicator, silence, [&](const std::string& finding) {
    logger.Error(finding);
    communicator.Abort(static_cast<int>(ExitCode::kCommunication));
  });
}

TraceRequest AgreeOnTrace(const TrainOptions& options, const Trainer& trainer,
                          Communicator& communicator) {
  TraceRequest request;
  RunAgreed(communicator, [&] {
    request = ParseTraceRequest(options.trace, options.trace_steps, trainer.steps_done(),
                                trainer.total_steps());
  });
  return request;
}

int TrainRank(const TrainOptions& options, Communicator& communicator, Logger& logger,
              const FileCalls& files) {
  CheckSameProgram(communicator);
  const bool is_root = communicator.rank() == 0;
  std::unique_ptr<Setup> setup;
  std::unique_ptr<BatchGeometry> geometry;
  std::vector<DumpRequest> dumps;
  RunAgreed(communicator, [&] {
    CheckBlas();
    auto configuration = LoadConfiguration(options.config, options.sets);
    setup = std::make_unique<Setup>(std::move(configuration), DataRoot(options.data));
    geometry = std::make_unique<BatchGeometry>(setup->configuration, communicator.size(),
                                               communicator.rank(), setup->sampler.train_size());
    const int64_t steps = TotalSteps(setup->configuration.proto, *geometry);
    const bool shards = setup->configuration.proto.distribution() == config::ZERO_1;
    static_cast<void>(ParseTraceRequest(options.trace, options.trace_steps, 0, steps));
    for (const auto& text : options.dumps) {
      dumps.push_back(ParseDumpRequest(text, setup->graph, setup->layout, steps));
      if (shards && dumps.back().parameter != nullptr && dumps.back().gradient) {
        ThrowUsage("--dump " + text +
                   ": with distribution: ZERO_1 no rank has all gradients of parameters; "
                   "--set distribution=REPLICATED for this run");
      }
    }
  });
  const config::Config& config = setup->configuration.proto;
  communicator.SetDeadline(config.deadlines().start(), "start");
  CheckSameEverywhere(communicator, *setup, *geometry);
  CheckRankTree(communicator, setup->configuration);
  const RankDevice device = ChooseDevice(communicator, setup->configuration);

  // Only now, so that a mistake above leaves nothing behind.
  RootState root;
  RunAgreed(communicator, [&] {
    if (!is_root) return;
    root = OpenRun(options, config.checkpoints().keep(), logger);
    for (const auto& note : setup->data.notes) logger.Warn(note);
  });
  // Not before: its thread logs, also to the file that OpenRun adds.
  const auto watchdog = StartWatchdog(communicator, config.deadlines().silence(), logger);
  Context context{communicator, logger, {}, files};
  Dumper dumper(std::move(dumps), *setup, context, root.path() + "/dumps");
  context.dumper = &dumper;
  context.device = device;
  Trainer trainer(*setup, *geometry, context, root.path());
  double resumes = root.checkpoint ? 1 : 0;
  communicator.AllReduceSum({&resumes, 1});
  if (resumes > 0) trainer.Resume(root.checkpoint ? &*root.checkpoint : nullptr);
  Tracer tracer(AgreeOnTrace(options, trainer, communicator), context);
  context.tracer = &tracer;

  Observers observers;
  RunAgreed(communicator, [&] {
    if (is_root) observers = BeginFiles(options, config, root, logger);
  });
  for (const auto& observer : observers) context.observers.push_back(observer.get());
  try {
    return trainer.Run().exit_code;
  } catch (const AgreedError&) {
    throw;
  } catch (const Error& error) {
    // A rank that gave up waiting knows less than the watchdog.
    const bool lost = watchdog != nullptr && error.code() == ExitCode::kCommunication;
    if (lost) logger.Error("the ranks, when last heard of:\n" + watchdog->Describe());
    throw;
  }
}

}  // namespace

void AddTrainCommand(CLI::App& app, std::function<int()>* action, const TrainSeams& seams) {
  auto options = std::make_shared<TrainOptions>();
  auto* command = app.add_subcommand("train", "Train the model of a configuration");
  command
      ->add_option(
          "config", options->config,
          "Configuration file (.textproto); its fields are described in src/config/*.proto")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--set", options->sets,
                   "Override one field, e.g. --set optimizer.sgd.learning_rate=0.05 or "
                   "--set model.hidden.linear.units=100; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--run", options->run,
                   "Run directory: metrics, checkpoints, log; unset: runs/NAME of the "
                   "configuration, or NAME-2 and "
                   "so on where that exists; with --resume or --overwrite the newest of them")
      ->type_name("DIR");
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  auto* resume = command->add_flag(
      "--resume", options->resume,
      "Go on from the run directory's newest checkpoint; starts when there is none");
  command->add_flag("--overwrite", options->overwrite, "Discard what the run directory holds")
      ->excludes(resume);
  command
      ->add_option(
          "--dump", options->dumps,
          "Write a tensor of one step to RUN/dumps/ as .npy: hidden@12 (what the layer gave), "
          "hidden.gradient@12 (the mean loss's gradient in that), hidden.weight@12 (after 12 "
          "steps; 0: before the first), hidden.weight.gradient@12; may be repeated")
      ->type_name("TENSOR@STEP")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--trace", options->trace,
          "Record what every rank does in a few steps (layers, sums of gradients, messages, "
          "waits) as a file for ui.perfetto.dev, and print where the time went; on CPUs")
      ->type_name("FILE");
  command
      ->add_option("--trace-steps", options->trace_steps,
                   "Which: the first and the last, 120-124; unset: 5 from the 21st on, or the last")
      ->type_name("A-B");
  command->add_flag("--quiet", options->quiet, "Print warnings and errors only");
  command->callback([options, action, seams] {
    *action = [options, seams] {
      return WithRank([&](Communicator& communicator, Logger& logger) {
        const auto wrapped = seams.wrap ? seams.wrap(communicator) : nullptr;
        return TrainRank(*options, wrapped ? *wrapped : communicator, logger, seams.files);
      });
    };
  });
}

}  // namespace seve
