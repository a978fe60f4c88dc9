#include "layers/view.h"

namespace seve {

std::unique_ptr<BoundLayer> View::BindCpu(const LayerBinding& /*binding*/) const {
  Check(false, "a view cannot be bound");
  return nullptr;
}

}  // namespace seve
