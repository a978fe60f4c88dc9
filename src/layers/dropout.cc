#include "layers/dropout.h"

namespace seve {

Dropout::Dropout(float rate, Shape shape) : rate_(rate), shape_(std::move(shape)) {
  Check(rate >= 0 && rate <= 1, "a dropout rate is a probability");
}

size_t Dropout::WorkspaceBytes(int64_t rows) const {
  return static_cast<size_t>(rows * shape_.elements());
}

}  // namespace seve
