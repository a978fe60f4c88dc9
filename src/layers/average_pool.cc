#include "layers/average_pool.h"

namespace seve {
namespace {

AxisTaps Means(int64_t pixels, int64_t windows, int64_t size, int64_t stride, int64_t padding,
               bool count_padding) {
  AxisTaps means;
  means.places = pixels;
  for (int64_t window = 0; window < windows; ++window) {
    const auto range = PixelsOfWindow(window, size, stride, padding, pixels);
    const int64_t count = count_padding ? size : range.end - range.begin;
    for (int64_t at = range.begin; at < range.end; ++at) {
      means.taps.push_back({static_cast<int32_t>(at), 1 / static_cast<float>(count)});
    }
    means.EndPlace();
  }
  return means;
}

}  // namespace

AveragePool::AveragePool(const WindowGeometry& g, bool count_padding)
    : Resampling(g.channels,
                 Means(g.input.height, g.output.height, g.size.height, g.stride.height,
                       g.padding.height, count_padding),
                 Means(g.input.width, g.output.width, g.size.width, g.stride.width, g.padding.width,
                       count_padding)) {}

}  // namespace seve
