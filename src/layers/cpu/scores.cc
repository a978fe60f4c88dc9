#include "layers/cpu/scores.h"

#include <fmt/format.h>

namespace seve {

void CheckTargets(const int32_t* targets, int64_t rows, int64_t classes,
                  const StepContext& context) {
  int outside = 0;
  for (int64_t row = 0; row < rows; ++row) {
    outside |= targets[row] < 0 || targets[row] >= classes ? 1 : 0;
  }
  if (outside == 0) return;
  for (int64_t row = 0; row < rows; ++row) {
    if (targets[row] >= 0 && targets[row] < classes) continue;
    ThrowData(
        fmt::format("the sample at position {} has class {}, but the model scores {} classes, 0 to "
                    "{}: check the labels or the number of classes",
                    context.position + row, targets[row], classes, classes - 1));
  }
}

}  // namespace seve
