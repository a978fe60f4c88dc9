#include "data/summary.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace seve {

SamplesSummary Summarise(const ImageSamples& samples) {
  SamplesSummary summary;
  summary.per_class.resize(static_cast<size_t>(samples.classes));
  for (const uint8_t label : samples.labels) ++summary.per_class[label];

  std::array<int64_t, 256> histogram{};
  for (const uint8_t value : samples.Pixels()) ++histogram[value];
  double sum = 0;
  double squares = 0;
  for (size_t value = 0; value < histogram.size(); ++value) {
    const double unit = static_cast<double>(value) / 255;
    sum += unit * static_cast<double>(histogram[value]);
    squares += unit * unit * static_cast<double>(histogram[value]);
  }
  const double count = static_cast<double>(samples.Pixels().size());
  summary.mean = sum / count;
  summary.deviation = std::sqrt(std::max(0.0, squares / count - summary.mean * summary.mean));
  return summary;
}

}  // namespace seve
