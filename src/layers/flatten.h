// (N, C, H, W) -> (N, C*H*W), channel by channel.
#pragma once

#include "layers/reshape.h"

namespace seve {

class Flatten : public Reshape {
 public:
  explicit Flatten(const Shape& input) : Reshape(input, {input.elements()}) {}

  [[nodiscard]] std::string_view kind() const override { return "flatten"; }
};

}  // namespace seve
