#include "tensor/row_major.h"

#include <vector>

#include "tensor/channels_last.h"

namespace seve {
namespace {

Shape SampleShape(const Shape& batch) {
  return Shape(std::vector<int64_t>(batch.extents().begin() + 1, batch.extents().end()));
}

// T: of the elements' size.
template <typename T>
void Copy(const Tensor& batch, const Shape& sample, const Buffer& to) {
  ToChannelsFirst(static_cast<const T*>(batch.memory()), batch.shape()[0], sample,
                  to.As<T>().data());
}

}  // namespace

RowMajor::RowMajor(const Tensor& batch) : tensor_(batch) {
  const Shape sample = SampleShape(batch.shape());
  if (LiesRowMajor(sample)) return;
  copy_ = Buffer(batch.bytes());
  switch (SizeOf(batch.dtype())) {
    case 1:
      Copy<uint8_t>(batch, sample, copy_);
      break;
    case 2:
      Copy<uint16_t>(batch, sample, copy_);
      break;
    default:
      Copy<uint32_t>(batch, sample, copy_);
      break;
  }
  tensor_ = Tensor(copy_.data(), batch.dtype(), batch.shape());
}

}  // namespace seve
