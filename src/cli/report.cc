#include "cli/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "report/run_report/run_report.h"

namespace seve {
namespace {

int Report(const std::string& run) {
  if (!std::filesystem::exists(run + "/metrics.jsonl")) {
    ThrowUsage(fmt::format("{}: no run directory (no metrics.jsonl): give the one of --run", run));
  }
  WriteReport(run);
  fmt::print("{}/report.html\n", run);
  return 0;
}

}  // namespace

void AddReportCommand(CLI::App& app, std::function<int()>* action) {
  auto run = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "report", "Write a run's report.html and learning curves anew, from its files");
  command->add_option("run", *run, "Run directory")->required();
  command->callback([run, action] { *action = [run] { return Report(*run); }; });
}

}  // namespace seve
