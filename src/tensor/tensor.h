// A view of contiguous memory with a shape and an element type. Owns nothing: the memory belongs to a
// Buffer, an arena or a communicator's window and must outlive the view.
//
// Elements lie in row-major order, with one exception: batches of pictures, (N, C, H, W) between the layers of a model
// and in the fields of data, lie channels-last, as (N, H, W, C) would, on CPUs and GPUs. Parameters do not:
// filters lie as (O, I, H, W). See tensor/channels_last.h.
#pragma once

#include <span>

#include "base/error.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace seve {

class Tensor {
 public:
  Tensor() = default;  // no memory: "absent"
  Tensor(void* memory, DType dtype, Shape shape)
      : memory_(memory), dtype_(dtype), shape_(std::move(shape)) {}

  [[nodiscard]] bool present() const { return memory_ != nullptr; }
  [[nodiscard]] void* memory() const { return memory_; }
  [[nodiscard]] DType dtype() const { return dtype_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] int64_t elements() const { return shape_.elements(); }
  [[nodiscard]] size_t bytes() const { return static_cast<size_t>(elements()) * SizeOf(dtype_); }

  // All elements as they lie. T must be the element type.
  template <typename T>
  [[nodiscard]] std::span<T> Flat() const {
    Check(dtype_ == DTypeOf<T>::value, "tensor read with another element type than it has");
    return {static_cast<T*>(memory_), present() ? static_cast<size_t>(elements()) : 0};
  }

 private:
  void* memory_ = nullptr;
  DType dtype_ = DType::kFloat32;
  Shape shape_;
};

}  // namespace seve
