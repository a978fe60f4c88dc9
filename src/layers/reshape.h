// (N, anything) -> (N, the shape given), of as many values.
#pragma once

#include "layers/view.h"

namespace seve {

class Reshape : public View {
 public:
  explicit Reshape(Shape output) : View(std::move(output)) {}

  [[nodiscard]] std::string_view kind() const override { return "reshape"; }
};

}  // namespace seve
