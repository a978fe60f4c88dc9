#include "cli/forecast.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/data_root.h"
#include "cli/forecast_fabric.h"
#include "cli/profile_file.h"
#include "comm/solo/solo_communicator.h"
#include "config/cluster.h"
#include "config/load.h"
#include "report/draw/charts.h"
#include "report/forecast_table.h"
#include "report/scaling_figure.h"
#include "report/version.h"
#include "train/measure_profile.h"
#include "train/rank_device.h"

namespace seve {
namespace {

// Samples of a rank are measured down to the 16th part, so that strong scaling need not guess.
constexpr int64_t kParts[] = {1, 4, 16};

struct ForecastOptions {
  std::string config, data, cluster, gpu, profile, save_profile, csv, figure;
  std::vector<std::string> sets;
  int up_to = 64, ranks_per_host = 0;
  double network_gbps = 0;
};

// The batch of the configuration: of a rank in weak scaling, of all in strong.
int64_t BatchOf(const Setup& setup) {
  const auto& batch = setup.configuration.proto.batch();
  return batch.has_size_per_rank() ? batch.size_per_rank() : batch.size();
}

StoredProfile Measure(const ForecastOptions& options, const Setup& setup) {
  const int64_t most = std::min(BatchOf(setup), setup.sampler.train_size());
  std::vector<int64_t> samples;
  for (const int64_t part : kParts) {
    if (most / part >= 1) samples.push_back(most / part);
  }
  const Logger logger(0);
  const auto alone = MakeSoloCommunicator();
  const RankDevice device = ChooseDevice(*alone, setup.configuration);
  fmt::print(stderr, "measuring steps of {} samples on one rank ({})\n", Join([&] {
               std::vector<std::string> texts;
               for (const int64_t count : samples) texts.push_back(WithThousands(count));
               return texts;
             }()),
             device.description);
  return {.commit = Commit(),
          .configuration = options.config,
          .device = device.description,
          .cuda = device.cuda,
          .model = HashOfModel(setup),
          .profile = MeasureProfile(setup, device, samples, logger)};
}

StoredProfile Read(const ForecastOptions& options, const Setup& setup) {
  StoredProfile stored = ReadProfile(options.profile);
  if (stored.model != HashOfModel(setup)) {
    ThrowUsage(
        fmt::format("{}: measured of another model ({}) than that of {}: measure it again, "
                    "without --profile",
                    options.profile, stored.configuration, options.config));
  }
  if (stored.commit != Commit()) {
    fmt::print(stderr, "warning: {} was measured by Sève {}, this is {}: speeds may differ\n",
               options.profile, stored.commit, Commit());
  }
  return stored;
}

Fabric Links(const ForecastOptions& options, bool cuda) {
  if (options.cluster.empty() && options.network_gbps == 0) {
    ThrowUsage(
        "forecast: what are the ranks linked by? --cluster cluster/NAME.textproto takes a "
        "cluster's nodes, --network-gbps 1 --ranks-per-host 2 hosts of your own");
  }
  Fabric fabric;
  if (!options.cluster.empty()) {
    ClusterProfile cluster = LoadCluster(options.cluster);
    for (auto& gpu : *cluster.proto.mutable_gpu()) {
      if (options.network_gbps > 0) gpu.set_network_gbps_per_node(options.network_gbps);
    }
    fabric = FabricOf(cluster, options.gpu, cuda);
  } else if (!cuda) {
    fabric.summed_by = SummedBy::kMpiHosts;
  }
  if (options.cluster.empty()) fabric.network_gbs = options.network_gbps / 8;
  if (options.ranks_per_host > 0) fabric.ranks_per_node = options.ranks_per_host;
  return fabric;
}

StepOptions OptionsOf(const Setup& setup) {
  const auto& config = setup.configuration.proto;
  StepOptions options;
  options.bucket_mib = config.reduction().bucket_mib();
  options.small_bucket_mib = std::min(1.0, options.bucket_mib);
  options.wire =
      config.reduction().wire() == config::Reduction::BF16 ? WireType::kBf16 : WireType::kFp32;
  options.zero_1 = config.distribution() == config::ZERO_1;
  return options;
}

int Forecast(const ForecastOptions& options) {
  const Setup setup(LoadConfiguration(options.config, options.sets), DataRoot(options.data));
  if (!options.profile.empty() && !options.save_profile.empty()) {
    ThrowUsage("forecast: --profile reads a profile and --save-profile measures one: give either");
  }
  if (options.cluster.empty() && options.network_gbps == 0) Links(options, false);
  const StoredProfile stored =
      options.profile.empty() ? Measure(options, setup) : Read(options, setup);
  if (!options.save_profile.empty()) WriteProfile(stored, options.save_profile);
  const Fabric fabric = Links(options, stored.cuda);
  const StepOptions step = OptionsOf(setup);
  const int64_t batch = BatchOf(setup);
  const ForecastLine lines[] = {
      {.weak = true,
       .batch = batch,
       .points = WeakForecast(fabric, stored.profile, step, batch, options.up_to)},
      {.weak = false,
       .batch = batch,
       .points = StrongForecast(fabric, stored.profile, step, batch, options.up_to)}};

  fmt::print("{}, {:.1f} MB of gradients, measured on {}\n", options.config,
             stored.profile.Bytes() * 1e-6, stored.device);
  fmt::print("{} ranks a node, {:g} GB/s between nodes\n\n", fabric.ranks_per_node,
             fabric.network_gbs);
  fmt::print("{}\n", ForecastTable(lines, DetectTerminal(STDOUT_FILENO)));
  fmt::print("{}", AdviceText(AdviceFor(fabric, stored.profile, step, options.up_to,
                                        batch * options.up_to),
                              options.up_to));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, ForecastCsv(lines));
  if (!options.figure.empty()) {
    SaveFigure(*StackedCharts(ScalingCharts(AsScaling(lines))), options.figure);
  }
  return 0;
}

}  // namespace

void AddForecastCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<ForecastOptions>();
  auto* command = app.add_subcommand(
      "forecast", "Forecast how a training scales on a cluster, from steps measured here");
  command->add_option("config", options->config, "Configuration file (.textproto)")
      ->type_name("FILE")
      ->required();
  command->add_option("--set", options->sets, "Override one field, as for train")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command
      ->add_option("--cluster", options->cluster,
                   "Profile of the cluster: cluster/narval.textproto; its GPUs where a GPU is "
                   "measured, otherwise a rank on each of its cores")
      ->type_name("FILE");
  command->add_option("--gpu", options->gpu, "Which of its GPUs; unset: the first")
      ->type_name("MODEL");
  command
      ->add_option("--network-gbps", options->network_gbps,
                   "Gbit/s between hosts, instead of the cluster's")
      ->type_name("GBPS")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--ranks-per-host", options->ranks_per_host,
                   "Ranks of each host, instead of the cluster's; without one: 1")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command->add_option("--up-to", options->up_to, "Most ranks; what is advised is for so many")
      ->type_name("N")
      ->check(CLI::Range(1, kMostForecastRanks))
      ->capture_default_str();
  command
      ->add_option("--profile", options->profile,
                   "Forecast from a profile that was saved, perhaps on another machine")
      ->type_name("FILE");
  command
      ->add_option("--save-profile", options->save_profile, "Keep what was measured in this file")
      ->type_name("FILE");
  command->add_option("--csv", options->csv, "Write the points with all digits")->type_name("FILE");
  command
      ->add_option("--figure", options->figure,
                   "Draw speed-up and efficiency: STEM.svg, STEM.pdf, STEM.png")
      ->type_name("STEM");
  command->callback([options, action] { *action = [options] { return Forecast(*options); }; });
}

}  // namespace seve
