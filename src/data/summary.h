// What a set of pictures looks like in figures.
#pragma once

#include <cstdint>
#include <vector>

#include "data/pixel_histogram.h"
#include "data/samples.h"

namespace seve {

struct SamplesSummary {
  std::vector<int64_t> per_class;  // samples of each class
  double mean = 0;                 // of value/255 over all pixels
  double deviation = 0;
  std::vector<PixelHistogram::Figures> channels;  // of each channel
};

SamplesSummary Summarise(const ImageSamples& samples);

}  // namespace seve
