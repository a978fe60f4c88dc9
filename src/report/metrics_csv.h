// metrics.csv: a line for each evaluation on the validation split (once an epoch unless configured
// otherwise), for spreadsheets. A cell is empty where there is no figure; "nan" and "inf" stand as
// such.
#pragma once

#include <optional>
#include <string>

#include "report/line_file.h"
#include "train/events.h"

namespace seve {

class MetricsCsv : public RunObserver {
 public:
  // As MetricsJsonl's.
  MetricsCsv(const std::string& path, std::optional<int64_t> resumed_at);

  void OnEpoch(const EpochEvent& event) override;

 private:
  LineFile file_;
};

}  // namespace seve
