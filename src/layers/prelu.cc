#include "layers/prelu.h"

namespace seve {

PRelu::PRelu(bool per_feature, float initial, Shape shape)
    : slopes_(per_feature ? shape[0] : 1), initial_(initial), shape_(std::move(shape)) {}

std::vector<ParameterSpec> PRelu::Parameters() const {
  return {{"slope", Shape{slopes_}, {Initializer::Kind::kConstant, initial_}}};
}

}  // namespace seve
