#include "layers/prelu.h"

#include "tensor/channels_last.h"

namespace seve {

PRelu::PRelu(bool per_feature, float initial, Shape shape)
    : slopes_(per_feature ? shape[0] : 1), initial_(initial), shape_(std::move(shape)) {}

std::vector<ParameterSpec> PRelu::Parameters() const {
  return {{"slope", Shape{slopes_}, {Initializer::Kind::kConstant, initial_}}};
}

int64_t PRelu::Share() const {
  const bool by_pixel = slopes_ > 1 && LiesChannelsLast(shape_);
  return by_pixel ? 1 : shape_.elements() / slopes_;
}

}  // namespace seve
