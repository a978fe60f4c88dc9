#include "optim/averaged.h"

namespace seve {

std::vector<std::string> Averaged::StateNames() const {
  auto names = rule_->StateNames();
  names.emplace_back(kAverageState);
  return names;
}

}  // namespace seve
