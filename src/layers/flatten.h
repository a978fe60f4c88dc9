// (N, C, H, W) -> (N, C*H*W).
#pragma once

#include "layers/view.h"

namespace seve {

class Flatten : public View {
 public:
  explicit Flatten(const Shape& input) : View({input.elements()}) {}

  [[nodiscard]] std::string_view kind() const override { return "flatten"; }
};

}  // namespace seve
