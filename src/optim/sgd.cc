#include "optim/sgd.h"

namespace seve {

std::vector<std::string> Sgd::StateNames() const {
  if (options_.momentum == 0) return {};
  return {"momentum_buffer"};
}

}  // namespace seve
