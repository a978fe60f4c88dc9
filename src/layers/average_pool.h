// The mean of each window.
#pragma once

#include "layers/resampling.h"
#include "layers/window_geometry.h"

namespace seve {

// (N, C, H, W) -> (N, C, H', W'). The mean is over all places of a window, of which padding is
// zeros, or without `count_padding` over its pixels.
class AveragePool : public Resampling {
 public:
  AveragePool(const WindowGeometry& geometry, bool count_padding);

  [[nodiscard]] std::string_view kind() const override { return "average_pool"; }
};

}  // namespace seve
