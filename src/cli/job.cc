#include "cli/job.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "cli/checkpoint_notice.h"
#include "cli/data_root.h"
#include "cli/job_checks.h"
#include "cli/job_data.h"
#include "cli/job_header.h"
#include "cli/job_plan.h"
#include "cli/paths.h"
#include "train/batch_geometry.h"
#include "train/run_directory.h"

namespace seve {
namespace {

constexpr int kMost = 100'000;  // of GPUs, nodes, blocks: beyond is a slip

struct JobOptions {
  std::string config, cluster;
  std::vector<std::string> sets;
  JobRequest request;
  std::string data, run, write_config;
  bool skip_data = false, resume = false;
};

// Empty where the profile's root depends on a variable that is not set here.
std::string RootOf(const JobOptions& options, const config::Cluster& cluster) {
  const std::string given = DataRoot(options.data);
  return AbsolutePath(given.empty() ? ExpandVariables(cluster.data_root()).value_or("") : given);
}

std::string RunOf(const JobOptions& options, const config::Cluster& cluster) {
  const std::string root = ExpandVariables(cluster.run_root()).value_or("runs");
  const auto by_name = [&] {
    return options.resume ? NewestRunDirectory(options.config, root)
                          : DefaultRunDirectory(options.config, root);
  };
  const std::string run = AbsolutePath(options.run.empty() ? by_name() : options.run);
  if (run.find_first_of("\"\\\n") == std::string::npos) return run;
  ThrowUsage("--run " + run +
             ": sbatch cannot write its output below a folder with \" or \\ in its "
             "name; choose another");
}

JobData FindData(const std::string& root, const config::Cluster& cluster, config::Config* config) {
  try {
    return LocateData(root, config->mutable_data());
  } catch (const Error& error) {
    if (!root.empty()) throw;
    ThrowData(
        fmt::format("{}\n(the profile's data_root, {}, names a variable that is not set here)",
                    error.what(), cluster.data_root()),
        error.where());
  }
}

// Null where the shapes of the data are not known here.
std::unique_ptr<ModelInspection> Inspect(const Configuration& configuration, const JobData& data,
                                         int ranks) {
  if (!data.readable) return nullptr;
  return std::make_unique<ModelInspection>(configuration, data.root, ranks);
}

int Job(const JobOptions& options) {
  Configuration configuration = LoadConfiguration(options.config, options.sets);
  const ClusterProfile cluster = LoadCluster(options.cluster);
  JobHeader header;
  header.shape = ShapeJob(options.request, cluster);
  header.name = JobName(options.config);
  header.run = RunOf(options, cluster.proto);
  header.checkpoint_notice = CheckpointNotice(header.run);
  CheckNotice(header.shape, header.checkpoint_notice);
  const BatchGeometry geometry(configuration, header.shape.ranks(), 0, kManySamples);

  const std::string root = RootOf(options, cluster.proto);
  const JobData data = options.skip_data ? AssumeData(root, configuration.proto.data())
                                         : FindData(root, cluster.proto, &configuration.proto);
  header.data_root = data.root;
  header.data_sets = data.sets;
  header.local_disk_gb = LocalDiskFor(data.bytes, cluster);
  const auto model = Inspect(configuration, data, header.shape.ranks());
  if (model) CheckGpuMemory(model->Memory(), header.shape, cluster);

  fmt::print(stderr, "{}", JobPlanText(header, data, geometry, model.get(), cluster.proto));
  for (const auto& warning : JobWarnings(configuration.proto, header.shape, options.request.time)) {
    fmt::print(stderr, "warning: {}\n", warning);
  }
  if (!options.write_config.empty()) {
    WriteFileAtomically(options.write_config, ResolvedText(configuration.proto));
  }
  fmt::print("{}", HeaderText(header, cluster.proto));
  return 0;
}

}  // namespace

void AddJobCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<JobOptions>();
  auto* command = app.add_subcommand(
      "job", "Check a training against a cluster and print the head of its Slurm job script");
  command->add_option("config", options->config, "Configuration file (.textproto)")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--cluster", options->cluster,
                   "Profile of the cluster, cluster/NAME.textproto; its fields are described in "
                   "src/config/cluster.proto")
      ->type_name("FILE")
      ->required();
  command->add_option("--gpus", options->request.gpus, "GPUs over all nodes, one rank each")
      ->type_name("N")
      ->check(CLI::Range(1, kMost))
      ->capture_default_str();
  command->add_option("--nodes", options->request.nodes, "Nodes; unset: as few as hold the GPUs")
      ->type_name("N")
      ->check(CLI::Range(1, kMost));
  command
      ->add_option("--gpu", options->request.gpu,
                   "GPU model or MIG slice, as a100_1g.5gb; unset: the profile's first")
      ->type_name("MODEL");
  command
      ->add_option("--time", options->request.time,
                   "Time of a job: minutes, hours:minutes:seconds, days-hours")
      ->type_name("TIME")
      ->capture_default_str();
  command
      ->add_option("--blocks", options->request.blocks,
                   "Jobs that train one after the other, each going on from the last checkpoint")
      ->type_name("N")
      ->check(CLI::Range(1, kMost))
      ->capture_default_str();
  command
      ->add_option("--sbatch", options->request.sbatch,
                   "Option that sbatch will be given besides, to be checked with the rest, as "
                   "--sbatch=--cpus-per-task=4; may be repeated")
      ->type_name("OPTION")
      ->allow_extra_args(false);
  command
      ->add_option("--data", options->data,
                   "Folder that holds the data sets (mnist/ or mnist.tar, ...); unset: $SEVE_DATA, "
                   "then the profile's data_root")
      ->type_name("DIR");
  command
      ->add_option(
          "--run", options->run,
          "Run directory; unset: NAME of the configuration below the profile's run_root, or "
          "NAME-2 and so on where that exists")
      ->type_name("DIR");
  command->add_flag("--resume", options->resume,
                    "The job goes on with a run: without --run with the newest of these");
  command
      ->add_option("--set", options->sets,
                   "Override one field of the configuration; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--write-config", options->write_config,
                   "Write what the job trains, bases and --set worked in, to this file")
      ->type_name("FILE");
  command->add_flag("--skip-data", options->skip_data, "Take for granted that the data are there");
  command->callback([options, action] { *action = [options] { return Job(*options); }; });
}

}  // namespace seve
