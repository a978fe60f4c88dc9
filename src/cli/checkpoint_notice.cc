#include "cli/checkpoint_notice.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "report/metrics_replay.h"

namespace seve {
namespace {

constexpr int64_t kLeast = 120;
constexpr int64_t kMost = 65535;  // of sbatch --signal
constexpr double kSafety = 3;

class SlowestCheckpoint : public RunObserver {
 public:
  void OnCheckpoint(const CheckpointEvent& event) override {
    const double seconds = event.pause_seconds + event.write_seconds;
    if (std::isfinite(seconds)) seconds_ = std::max(seconds_, seconds);
  }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  double seconds_ = 0;
};

}  // namespace

int64_t CheckpointNotice(const std::string& run) {
  const auto metrics = std::filesystem::path(run) / "metrics.jsonl";
  if (std::error_code ignored; !std::filesystem::is_regular_file(metrics, ignored)) return kLeast;
  SlowestCheckpoint slowest;
  ReplayMetrics(metrics.string(), std::nullopt, slowest);
  const double notice = std::min(std::ceil(kSafety * slowest.seconds()), double{kMost});
  return std::max(kLeast, static_cast<int64_t>(notice));
}

}  // namespace seve
