#include "config/sbatch_option.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace seve {
namespace {

constexpr size_t kMostDigits = 9;

std::string LongName(const std::string& name) {
  static const std::map<std::string, std::string> kNames = {
      {"-N", "--nodes"}, {"-G", "--gpus"},  {"-n", "--ntasks"},   {"-c", "--cpus-per-task"},
      {"-t", "--time"},  {"-a", "--array"}, {"-J", "--job-name"},
  };
  const auto found = kNames.find(name);
  return found == kNames.end() ? name : found->second;
}

}  // namespace

SbatchOption ReadSbatchOption(const std::string& text) {
  const bool is_long = text.starts_with("--");
  const size_t end =
      is_long ? std::min(text.find_first_of("= "), text.size()) : std::min<size_t>(2, text.size());
  std::string value = text.substr(end);
  value.erase(0, std::min(value.find_first_not_of("= "), value.size()));
  return {LongName(text.substr(0, end)), value};
}

std::optional<int64_t> SlurmCount(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (text.empty() || text.size() > kMostDigits || !digits) return std::nullopt;
  return std::stoll(text);
}

std::optional<int64_t> SlurmMebibytes(const std::string& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = SlurmCount(text.substr(0, digits));
  if (!count) return std::nullopt;
  const int64_t number = *count;
  const std::string unit = text.substr(digits);
  constexpr int64_t kStep = 1024;
  if (unit.empty() || unit == "M" || unit == "MB") return number;
  if (unit == "K" || unit == "KB") return (number + kStep - 1) / kStep;
  if (unit == "G" || unit == "GB") return number * kStep;
  if (unit == "T" || unit == "TB") return number * kStep * kStep;
  return std::nullopt;
}

std::optional<std::string> InsteadOf(const SbatchOption& option) {
  static constexpr std::array<std::string_view, 12> kSizes = {
      "--nodes",           "--gpus",           "--gpus-per-node",   "--gpus-per-task",
      "--gpus-per-socket", "--gres",           "--ntasks",          "--ntasks-per-node",
      "--ntasks-per-gpu",  "--tasks-per-node", "--ntasks-per-core", "--ntasks-per-socket"};
  if (std::ranges::find(kSizes, option.name) != kSizes.end()) return "--gpus, --nodes and --gpu";
  if (option.name == "--time") return "--time";
  if (option.name == "--array") return "--blocks";
  if (option.name == "--mem-per-gpu" || option.name == "--mem-per-cpu") return "--sbatch=--mem";
  return std::nullopt;
}

}  // namespace seve
