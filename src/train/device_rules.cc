#include "train/device_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "comm/host_name.h"

namespace seve {
namespace {

constexpr size_t kMostListed = 3;

std::string Counted(size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Places in a rank's survey of the GPUs this binary runs on.
std::vector<int> UsableGpus(const RankReport& report) {
  std::vector<int> usable;
  for (size_t i = 0; i < report.survey.gpus.size(); ++i) {
    if (report.obstacles[i].empty()) usable.push_back(static_cast<int>(i));
  }
  return usable;
}

const GpuInfo& GpuOf(const RankReport& report, int place) {
  return report.survey.gpus[static_cast<size_t>(place)];
}

// Ranks that share a host, and the GPUs some of them can use.
struct Host {
  std::vector<const RankReport*> ranks;
  std::map<std::string, const GpuInfo*> usable;  // by UUID
};

std::map<std::string, Host> ByHost(const std::vector<RankReport>& reports) {
  std::map<std::string, Host> hosts;
  for (const auto& report : reports) {
    Host& host = hosts[report.host];
    host.ranks.push_back(&report);
    for (const int place : UsableGpus(report)) {
      host.usable.emplace(GpuOf(report, place).uuid, &GpuOf(report, place));
    }
  }
  return hosts;
}

// Why no rank of the host can use a GPU.
std::string WhyNone(const Host& host) {
  std::vector<std::string> reasons;
  for (const RankReport* report : host.ranks) {
    std::vector<std::string> found = report->obstacles;
    found.push_back(report->survey.problem);
    for (const auto& reason : found) {
      const bool known = std::ranges::find(reasons, reason) != reasons.end();
      if (!reason.empty() && !known) reasons.push_back(reason);
    }
  }
  return Join(FirstOf(reasons, kMostListed), "; ");
}

// What keeps the host's ranks from having a GPU each; empty: nothing.
std::string Shortage(const std::string& name, const Host& host, bool may_share, bool alone) {
  if (host.usable.empty()) return (alone ? "" : name + ": ") + WhyNone(host);
  const bool mig =
      std::ranges::any_of(host.usable, [](const auto& gpu) { return gpu.second->mig; });
  const size_t ranks = host.ranks.size();
  if (mig && ranks > 1) {
    return fmt::format(
        "the GPUs of {} are slices (MIG), between which NCCL cannot talk, for {} ranks: start one "
        "rank there, or turn MIG off",
        name, ranks);
  }
  const size_t gpus = host.usable.size();
  if (may_share || gpus >= ranks) return "";
  std::string text = fmt::format("{} has {} for {} ranks", name, Counted(gpus, "GPU"), ranks);
  if (const std::string why = WhyNone(host); !why.empty()) text += " (" + why + ")";
  return text + fmt::format(": start at most {} there", gpus);
}

class Assigner {
 public:
  Assigner(const std::vector<RankReport>& reports, const Configuration& configuration)
      : reports_(reports),
        hosts_(ByHost(reports)),
        source_(configuration.source),
        wanted_(configuration.proto.device()),
        may_share_(configuration.proto.gpu().allow_shared_gpu()) {}

  [[nodiscard]] bool NobodySeesOne() const {
    return std::ranges::all_of(reports_, [](const RankReport& report) {
      return report.survey.gpus.empty() && !report.survey.failed;
    });
  }

  [[nodiscard]] DeviceAssignment Assign() const {
    RefuseShortages();
    DeviceAssignment assignment{.cuda = true, .shared = false, .gpus = {}};
    std::map<std::string, size_t> owners;  // rank by UUID
    std::map<std::string, size_t> before;  // ranks of each host so far
    for (size_t rank = 0; rank < reports_.size(); ++rank) {
      const size_t local = before[reports_[rank].host]++;
      const std::vector<int> usable = UsableGpus(reports_[rank]);
      auto free = std::ranges::find_if(
          usable, [&](int place) { return !owners.contains(GpuOf(reports_[rank], place).uuid); });
      if (free == usable.end()) {
        if (usable.empty() || !may_share_) RefuseRank(rank, usable, owners);
        free = usable.begin() + static_cast<std::ptrdiff_t>(local % usable.size());
        assignment.shared = true;
      }
      owners.emplace(GpuOf(reports_[rank], *free).uuid, rank);
      assignment.gpus.push_back(*free);
    }
    return assignment;
  }

 private:
  void RefuseShortages() const {
    std::vector<std::string> shortages;
    for (const auto& [name, host] : hosts_) {
      std::string shortage = Shortage(name, host, may_share_, hosts_.size() == 1);
      if (!shortage.empty()) shortages.push_back(std::move(shortage));
    }
    if (!shortages.empty()) Refuse(Join(FirstOf(shortages, kMostListed), "; "));
  }

  // The host has enough, but the ranks do not see the same.
  [[noreturn]] void RefuseRank(size_t rank, const std::vector<int>& usable,
                               const std::map<std::string, size_t>& owners) const {
    const RankReport& report = reports_[rank];
    const std::string who = DescribeRank(report.host, static_cast<int>(rank));
    if (usable.empty()) {
      Refuse(who + " has no GPU: " + WhyNone({.ranks = {&report}, .usable = {}}));
    }
    const GpuInfo& gpu = GpuOf(report, usable.front());
    const size_t owner = owners.at(gpu.uuid);
    Refuse(fmt::format(
        "{} has no GPU of its own, {} ({}) is that of {}: give each rank another in "
        "CUDA_VISIBLE_DEVICES, or all ranks all of them",
        who, gpu.name, gpu.uuid, DescribeRank(reports_[owner].host, static_cast<int>(owner))));
  }

  [[noreturn]] void Refuse(const std::string& found) const {
    ThrowUsage(fmt::format("{}: device is {}, but {}; device: CPU trains without GPUs",
                           source_.Where("device"), config::Device_Name(wanted_), found));
  }

  const std::vector<RankReport>& reports_;
  const std::map<std::string, Host> hosts_;
  const SourceMap& source_;
  const config::Device wanted_;
  const bool may_share_;
};

void CheckPrecisionOfCpu(const std::vector<RankReport>& reports,
                         const Configuration& configuration) {
  const auto precision = configuration.proto.precision();
  if (precision == config::FP32) return;
  ThrowUsage(
      fmt::format("{}: precision: {} is for GPUs, and {}: leave precision out to train on "
                  "the CPU",
                  configuration.source.Where("precision"), config::Precision_Name(precision),
                  reports.front().survey.problem));
}

}  // namespace

std::vector<int> LocalRanks(const std::vector<std::string>& hosts) {
  std::map<std::string, int> before;
  std::vector<int> local;
  for (const auto& host : hosts) local.push_back(before[host]++);
  return local;
}

DeviceAssignment AssignDevices(const std::vector<RankReport>& reports,
                               const Configuration& configuration) {
  const config::Device wanted = configuration.proto.device();
  const Assigner assigner(reports, configuration);
  if (wanted == config::CPU || (wanted == config::AUTO && assigner.NobodySeesOne())) {
    CheckPrecisionOfCpu(reports, configuration);
    return {};
  }
  return assigner.Assign();
}

std::string DescribeGpu(const GpuInfo& gpu) {
  return fmt::format("{} ({})", gpu.name, HumanBytes(static_cast<double>(gpu.total_bytes)));
}

std::string DescribeAll(const std::vector<RankReport>& reports,
                        const DeviceAssignment& assignment) {
  std::vector<std::string> kinds;
  std::map<std::string, size_t> ranks;
  for (size_t rank = 0; rank < reports.size(); ++rank) {
    const std::string kind = DescribeGpu(GpuOf(reports[rank], assignment.gpus[rank]));
    if (ranks[kind]++ == 0) kinds.push_back(kind);
  }
  if (reports.size() == 1) {
    return fmt::format("{}, GPU {}", kinds.front(),
                       GpuOf(reports.front(), assignment.gpus.front()).ordinal);
  }
  if (kinds.size() == 1) {
    return fmt::format("{} {} {} ranks", kinds.front(),
                       assignment.shared ? "shared by" : "on each of", reports.size());
  }
  std::vector<std::string> parts;
  for (const auto& kind : kinds) parts.push_back(kind + " on " + Counted(ranks[kind], "rank"));
  return Join(parts) + (assignment.shared ? ", shared" : "");
}

}  // namespace seve
