#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/metric_names.h"
#include "config/validate_parts.h"

namespace seve {
namespace {

void ValidateMetrics(const config::Evaluation& evaluation, Checker& checker) {
  std::set<std::string> seen;
  for (int i = 0; i < evaluation.metrics_size(); ++i) {
    const std::string& name = evaluation.metrics(i);
    const std::string path = "evaluation.metrics[" + std::to_string(i) + "]";
    if (name == "loss" || name == "accuracy") {
      checker.Fail(path, "'" + name + "' is always computed; remove it from evaluation.metrics");
    } else if (!IsMetricName(name)) {
      checker.Fail(path, "there is no metric '" + name + "'; " +
                             Suggest(name, {"precision", "recall", "f1", "top_5"}));
    } else if (!seen.insert(name).second) {
      checker.Fail(path, "metric '" + name + "' is given twice");
    }
  }
}

void ValidateMonitor(const config::Config& config, const std::string& path,
                     const config::Monitor& monitor, Checker& checker) {
  checker.AtLeast(path + ".minimum_change", monitor.minimum_change(), 0);
  if (!monitor.has_metric()) return;
  std::vector<std::string> computed{"loss", "accuracy"};
  computed.insert(computed.end(), config.evaluation().metrics().begin(),
                  config.evaluation().metrics().end());
  const std::string& name = monitor.metric();
  if (std::ranges::find(computed, name) != computed.end()) return;
  const std::string remedy = IsMetricName(name) ? "add metrics: \"" + name + "\" to evaluation { }"
                                                : Suggest(name, computed);
  checker.Fail(path + ".metric", "metric '" + name + "' is not computed; " + remedy);
}

// Without evaluations nothing would ever be decided.
void RequireValidation(const config::Config& config, const std::string& path, Checker& checker) {
  if (config.data().validation_fraction() > 0) return;
  checker.Fail(path, path +
                         " looks at the validation split, of which data.validation_fraction 0 "
                         "leaves nothing");
}

}  // namespace

void ValidateFigures(const config::Config& config, Checker& checker) {
  ValidateMetrics(config.evaluation(), checker);
  for (const auto& [path, monitor] : MonitorsOf(config)) {
    ValidateMonitor(config, path, *monitor, checker);
    RequireValidation(config, path, checker);
  }
  if (config.evaluation().restore_best()) {
    RequireValidation(config, "evaluation.restore_best", checker);
  }
  if (config.has_early_stopping()) {
    checker.Above("early_stopping.patience", config.early_stopping().patience(), 0);
  }
}

}  // namespace seve
