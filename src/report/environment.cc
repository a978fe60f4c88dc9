#include "report/environment.h"

#include <fmt/chrono.h>

#include <chrono>
#include <fstream>

#include "comm/host_name.h"
#include "report/version.h"

namespace seve {
namespace {

// Of the first processor; machines with several kinds are rare.
std::string ProcessorName() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "";
}

}  // namespace

Environment ThisEnvironment() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return {.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now)),
          .version = Version(),
          .commit = Commit(),
          .host = HostName(),
          .processor = ProcessorName()};
}

}  // namespace seve
