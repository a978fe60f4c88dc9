// Pictures made larger.
#pragma once

#include "layers/resampling.h"

namespace seve {

enum class Interpolation {
  kNearest,
  kBilinear,  // of centres: PyTorch's align_corners = False
};

// (N, C, H, W) -> (N, C, scale H, scale W).
class Upsample : public Resampling {
 public:
  Upsample(const Shape& input, int64_t scale, Interpolation interpolation);

  [[nodiscard]] std::string_view kind() const override { return "upsample"; }
};

}  // namespace seve
