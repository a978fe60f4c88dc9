#include "config/metric_names.h"

#include <charconv>

namespace seve {

int64_t TopCount(const std::string& metric) {
  constexpr std::string_view kPrefix = "top_";
  if (!metric.starts_with(kPrefix)) return 0;
  int64_t count = 0;
  const char* const end = metric.data() + metric.size();
  const auto read = std::from_chars(metric.data() + kPrefix.size(), end, count);
  return read.ec == std::errc() && read.ptr == end && count > 0 ? count : 0;
}

bool IsMetricName(const std::string& name) {
  return TopCount(name) > 0 || name == "precision" || name == "recall" || name == "f1";
}

std::vector<std::pair<std::string, const config::Monitor*>> MonitorsOf(
    const config::Config& config) {
  std::vector<std::pair<std::string, const config::Monitor*>> monitors;
  if (config.evaluation().has_best()) {
    monitors.emplace_back("evaluation.best", &config.evaluation().best());
  }
  if (config.has_early_stopping()) {
    monitors.emplace_back("early_stopping.monitor", &config.early_stopping().monitor());
  }
  if (config.optimizer().schedule().has_plateau()) {
    monitors.emplace_back("optimizer.schedule.plateau.monitor",
                          &config.optimizer().schedule().plateau().monitor());
  }
  return monitors;
}

}  // namespace seve
