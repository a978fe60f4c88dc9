#include "data/summary.h"

namespace seve {

SamplesSummary Summarise(const ImageSamples& samples) {
  SamplesSummary summary;
  summary.per_class.resize(static_cast<size_t>(samples.classes));
  for (const int32_t label : samples.labels) ++summary.per_class[static_cast<size_t>(label)];
  PixelHistogram histogram(samples.picture[0]);
  histogram.Add(samples.Pixels());
  summary.mean = histogram.All().mean;
  summary.deviation = histogram.All().deviation;
  summary.channels = histogram.Channels();
  return summary;
}

}  // namespace seve
