#include "data/pixel_histogram.h"

#include <algorithm>
#include <cmath>

namespace seve {

void PixelHistogram::Add(std::span<const uint8_t> pixels) {
  const size_t channels = counts_.size();
  for (size_t at = 0; at < pixels.size(); at += channels) {
    for (size_t channel = 0; channel < channels; ++channel)
      ++counts_[channel][pixels[at + channel]];
  }
}

void PixelHistogram::Add(const PixelHistogram& other) {
  for (size_t channel = 0; channel < counts_.size(); ++channel) {
    for (size_t value = 0; value < 256; ++value) {
      counts_[channel][value] += other.counts_[channel][value];
    }
  }
}

PixelHistogram::Figures PixelHistogram::FiguresOf(const Counts& counts) {
  double sum = 0, squares = 0, count = 0;
  for (size_t value = 0; value < counts.size(); ++value) {
    const double unit = static_cast<double>(value) / 255, here = static_cast<double>(counts[value]);
    sum += unit * here;
    squares += unit * unit * here;
    count += here;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

std::vector<PixelHistogram::Figures> PixelHistogram::Channels() const {
  std::vector<Figures> channels;
  for (const Counts& counts : counts_) channels.push_back(FiguresOf(counts));
  return channels;
}

PixelHistogram::Figures PixelHistogram::All() const {
  Counts all{};
  for (const Counts& counts : counts_) {
    for (size_t value = 0; value < all.size(); ++value) all[value] += counts[value];
  }
  return FiguresOf(all);
}

}  // namespace seve
