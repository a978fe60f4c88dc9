#include "cli/checkpoint_notice.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "report/metrics_replay.h"

namespace seve {
namespace {

constexpr int64_t kLeast = 120;
constexpr int64_t kMost = 65535;  // of sbatch --signal
constexpr double kSafety = 3;

void Raise(double* longest, double seconds) {
  if (std::isfinite(seconds)) *longest = std::max(*longest, seconds);
}

class LongestPauses : public RunObserver {
 public:
  void OnCheckpoint(const CheckpointEvent& event) override {
    Raise(&checkpoint_, event.pause_seconds + event.write_seconds);
  }
  void OnEvaluation(const EvaluationEvent& event) override {
    if (event.split == "test") return;
    Raise(&evaluations_[event.split],
          static_cast<double>(event.samples) / event.samples_per_second);
  }
  [[nodiscard]] double Notice() const {
    double notice = kSafety * checkpoint_;
    for (const auto& [split, seconds] : evaluations_) notice += seconds;
    return std::ceil(notice);
  }

 private:
  double checkpoint_ = 0;
  std::map<std::string, double> evaluations_;  // by split
};

}  // namespace

int64_t CheckpointNotice(const std::string& run) {
  const auto metrics = std::filesystem::path(run) / "metrics.jsonl";
  if (std::error_code ignored; !std::filesystem::is_regular_file(metrics, ignored)) return kLeast;
  LongestPauses longest;
  ReplayMetrics(metrics.string(), std::nullopt, longest);
  return std::max(kLeast, static_cast<int64_t>(std::min(longest.Notice(), double{kMost})));
}

}  // namespace seve
