#include "layers/dropout.h"

#include "tensor/channels_last.h"

namespace seve {

Dropout::Dropout(float rate, Shape shape, bool per_channel)
    : rate_(rate),
      shape_(std::move(shape)),
      per_channel_(per_channel && shape_.rank() > 0 && shape_[0] < shape_.elements()) {
  Check(rate >= 0 && rate <= 1, "a dropout rate is a probability");
}

SampleDraws Dropout::DrawsOfSample() const {
  const int64_t elements = shape_.elements();
  if (!per_channel_) return {elements, elements, 1};
  return {elements, shape_[0], LiesChannelsLast(shape_) ? 1 : elements / shape_[0]};
}

size_t Dropout::WorkspaceBytes(int64_t rows) const {
  return static_cast<size_t>(rows * DrawsOfSample().draws);
}

}  // namespace seve
