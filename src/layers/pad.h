// Values around pictures.
#pragma once

#include "layers/resampling.h"

namespace seve {

enum class PadMode {
  kConstant,
  kReflect,    // mirrored at the edge, which is not repeated
  kReplicate,  // the edge again and again
};

struct PadAmounts {
  int64_t top = 0, bottom = 0, left = 0, right = 0;
};

// (N, C, H, W) -> (N, C, top + H + bottom, left + W + right).
class Pad : public Resampling {
 public:
  // kReflect: amounts below the extents. `value`: of kConstant.
  Pad(const Shape& input, const PadAmounts& amounts, PadMode mode, float value);

  [[nodiscard]] std::string_view kind() const override { return "pad"; }
  [[nodiscard]] int64_t FlopsPerSample() const override { return 0; }
};

}  // namespace seve
