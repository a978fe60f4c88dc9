#include "optim/rmsprop.h"

namespace seve {

std::vector<std::string> RmsProp::StateNames() const {
  if (options_.momentum == 0) return {"square_avg"};
  return {"square_avg", "momentum_buffer"};
}

}  // namespace seve
