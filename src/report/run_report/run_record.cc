#include "report/run_report/run_record.h"

#include "base/file.h"
#include "report/metrics_replay.h"

namespace seve {

RunRecord::RunRecord(const std::string& run_directory)
    : directory_(run_directory), configuration_(ReadFile(run_directory + "/config.textproto")) {
  ReplayMetrics(run_directory + "/metrics.jsonl", std::nullopt, *this, &environment_);
}

}  // namespace seve
