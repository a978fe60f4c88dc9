#include "train/pace.h"

#include <cmath>

namespace seve {

bool Pace::Due(int64_t step) const {
  const auto completed = [&](int64_t steps) {
    return std::floor(static_cast<double>(steps) / interval_ + 1e-9);
  };
  return completed(step) > completed(step - 1);
}

}  // namespace seve
