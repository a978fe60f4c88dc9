#include "layers/flatten.h"

namespace seve {

std::unique_ptr<BoundLayer> Flatten::BindCpu(const LayerBinding& /*binding*/) const {
  Check(false, "flatten is a view and cannot be bound");
  return nullptr;
}

}  // namespace seve
