#include "optim/running_mean.h"

#include "optim/finite.h"

namespace seve {

bool UpdateRunningMeans(const RunningMean& rule, std::span<const float> sums,
                        std::span<float> running) {
  uint32_t bad = 0;
  for (size_t i = 0; i < running.size(); ++i) {
    bad |= NotFinite(sums[i]);
    running[i] = rule(sums[i], running[i]);
  }
  return bad == 0;
}

}  // namespace seve
