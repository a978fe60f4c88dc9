#include "train/rank_device.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "comm/agreement.h"
#include "comm/broadcast_text.h"
#include "comm/host_name.h"
#include "tensor/cuda_devices.h"
#include "train/device_rules.h"

namespace seve {

// Between ranks of one program, reports travel as JSON.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GpuInfo, ordinal, name, pci_bus_id, uuid, major, minor,
                                   total_bytes, mig)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GpuSurvey, gpus, problem, failed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RankReport, host, survey, obstacles)

namespace {

using nlohmann::json;

std::string TextOf(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// What every rank says, on rank 0.
std::vector<json> GatherJson(Communicator& communicator, const json& mine) {
  const std::string text = TextOf(mine);
  std::vector<json> all;
  for (const auto& bytes : communicator.Gather(std::as_bytes(std::span(text)), 0)) {
    const auto* characters = reinterpret_cast<const char*>(bytes.data());
    all.push_back(json::parse(characters, characters + bytes.size()));
  }
  return all;
}

json BroadcastJson(Communicator& communicator, const json& from_root) {
  return json::parse(BroadcastText(communicator, TextOf(from_root)));
}

int LocalRank(Communicator& communicator) {
  std::vector<std::string> hosts;
  for (const auto& host : GatherJson(communicator, HostName())) hosts.push_back(host);
  const json local = BroadcastJson(communicator, LocalRanks(hosts));
  return local.at(static_cast<size_t>(communicator.rank()));
}

// Tries one GPU of each architecture, that which this rank will probably have, and the others alike
// only where it fails: a context on every GPU takes time and memory.
std::vector<std::string> Obstacles(const std::vector<GpuInfo>& gpus, int local_rank) {
  std::map<std::pair<int, int>, std::vector<const GpuInfo*>> by_capability;
  for (const auto& gpu : gpus) by_capability[{gpu.major, gpu.minor}].push_back(&gpu);
  std::vector<std::string> obstacles(gpus.size());
  for (const auto& [capability, alike] : by_capability) {
    const GpuInfo& tried = *alike[static_cast<size_t>(local_rank) % alike.size()];
    if (WhyNotUsable(tried).empty()) continue;
    for (const GpuInfo* gpu : alike) {
      obstacles[static_cast<size_t>(gpu - gpus.data())] = WhyNotUsable(*gpu);
    }
  }
  return obstacles;
}

}  // namespace

RankDevice ChooseDevice(Communicator& communicator, const Configuration& configuration) {
  if (configuration.proto.device() == config::CPU) return {};
  const bool is_root = communicator.rank() == 0;
  const int local_rank = LocalRank(communicator);
  RankReport mine{.host = HostName(), .survey = SurveyGpus(), .obstacles = {}};
  mine.obstacles = Obstacles(mine.survey.gpus, local_rank);
  std::vector<RankReport> reports;
  for (const auto& report : GatherJson(communicator, mine)) reports.push_back(report);

  json verdict;
  RunAgreed(communicator, [&] {
    if (!is_root) return;
    const DeviceAssignment assignment = AssignDevices(reports, configuration);
    verdict = {{"gpus", assignment.gpus}, {"shared", assignment.shared}};
    if (assignment.cuda) verdict["of_all"] = DescribeAll(reports, assignment);
  });
  verdict = BroadcastJson(communicator, verdict);
  if (!verdict.contains("of_all")) return {};

  const int place = verdict["gpus"].at(static_cast<size_t>(communicator.rank()));
  const GpuInfo& gpu = mine.survey.gpus[static_cast<size_t>(place)];
  // Another may have been tried.
  RunAgreed(communicator, [&] {
    if (const std::string obstacle = WhyNotUsable(gpu); !obstacle.empty()) ThrowUsage(obstacle);
  });
  return {.cuda = true,
          .ordinal = gpu.ordinal,
          .shared = verdict["shared"],
          .description = fmt::format("{}, GPU {}", DescribeGpu(gpu), gpu.ordinal),
          .of_all = verdict["of_all"]};
}

}  // namespace seve
