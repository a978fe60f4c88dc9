// A batch in the order that files and people expect.
#pragma once

#include "tensor/buffer.h"
#include "tensor/tensor.h"

namespace seve {

// The batch itself, or where it holds pictures that lie channels-last (channels_last.h) a copy.
class RowMajor {
 public:
  // (N, sample shape), on the host; not absent.
  explicit RowMajor(const Tensor& batch);

  [[nodiscard]] const Tensor& tensor() const { return tensor_; }

 private:
  Buffer copy_;
  Tensor tensor_;
};

}  // namespace seve
