#include "cli/devices.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "comm/nccl_version.h"
#include "report/text_table.h"
#include "tensor/cuda_devices.h"

namespace seve {
namespace {

int PrintCount() {
  int usable = 0;
  for (const GpuInfo& gpu : SurveyGpus().gpus) usable += WhyNotUsable(gpu).empty() ? 1 : 0;
  fmt::print("{}\n", usable);
  return 0;
}

std::string FreeText(const GpuInfo& gpu) {
  try {
    return HumanBytes(static_cast<double>(FreeBytesOf(gpu.ordinal)));
  } catch (const Error&) {  // it does not answer, which the table says
    return "-";
  }
}

int PrintTable() {
  fmt::print("this binary: {}, {}, {}\n", CudaVersionText(), CudnnVersionText(), NcclVersionText());
  const GpuSurvey survey = SurveyGpus();
  if (survey.gpus.empty()) {
    fmt::print("no GPU: {}\n", survey.problem);
    return 0;
  }
  TextTable table({{.heading = "GPU"},
                   {.heading = "name", .shrinks = true},
                   {.heading = "memory", .right = true},
                   {.heading = "free", .right = true},
                   {.heading = "capability"},
                   {.heading = "usable"}});
  std::vector<std::string> obstacles;
  for (const GpuInfo& gpu : survey.gpus) {
    const std::string obstacle = WhyNotUsable(gpu);
    const bool usable = obstacle.empty();
    if (!usable) obstacles.push_back(obstacle);
    table.Add({std::to_string(gpu.ordinal), gpu.name,
               HumanBytes(static_cast<double>(gpu.total_bytes)), usable ? FreeText(gpu) : "-",
               fmt::format("{}.{}", gpu.major, gpu.minor), usable ? "yes" : "no"});
  }
  fmt::print("\n{}", table.Text(DetectTerminal(STDOUT_FILENO)));
  if (!obstacles.empty()) fmt::print("\n");
  for (const auto& obstacle : obstacles) fmt::print("{}\n", obstacle);
  return 0;
}

}  // namespace

void AddDevicesCommand(CLI::App& app, std::function<int()>* action) {
  auto count = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("devices", "Show the GPUs that `device: CUDA` would use");
  command->add_flag("--count", *count, "Print only how many are usable (for scripts)");
  command->callback(
      [count, action] { *action = [count] { return *count ? PrintCount() : PrintTable(); }; });
}

}  // namespace seve
