#include "layers/resampling.h"

namespace seve {

Resampling::Resampling(int64_t channels, AxisTaps rows, AxisTaps columns, float elsewhere)
    : rows_(std::move(rows)),
      columns_(std::move(columns)),
      elsewhere_(elsewhere),
      output_({channels, rows_.size(), columns_.size()}) {}

int64_t Resampling::FlopsPerSample() const {
  return 2 * output_[0] * std::ssize(rows_.taps) * std::ssize(columns_.taps);
}

}  // namespace seve
