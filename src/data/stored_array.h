// An array as it is stored, in a mapped file or in memory: samples of equal shape and any element
// type.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "tensor/buffer.h"
#include "tensor/element_type.h"
#include "tensor/shape.h"

namespace seve {

// Move-only.
class StoredArray {
 public:
  // The part of a file from `offset` on that this shape (N, ...) needs; the file has it.
  StoredArray(MappedFile file, size_t offset, ElementType element, Shape shape);
  StoredArray(Buffer memory, ElementType element, Shape shape);
  // Samples of zeros, each like those of `other`.
  static StoredArray ZerosLike(const StoredArray& other, int64_t samples);

  [[nodiscard]] ElementType element() const { return element_; }
  // (N, ...).
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] int64_t samples() const { return shape_[0]; }
  // Of one sample; (1) where the array is (N).
  [[nodiscard]] Shape SampleShape() const;
  [[nodiscard]] size_t SampleBytes() const;
  // Whether it lies in a file and comes into memory as it is read.
  [[nodiscard]] bool mapped() const { return file_.size() > 0; }
  // Not aligned to anything.
  [[nodiscard]] std::span<const std::byte> bytes() const;

 private:
  MappedFile file_;
  Buffer memory_;
  size_t offset_ = 0;
  ElementType element_;
  Shape shape_;
};

// A copy of these elements, (N, ...) of them, in memory. T: float, double or int32_t.
template <typename T>
StoredArray Store(const std::vector<T>& elements, Shape shape) {
  constexpr ElementType kElement = std::is_same_v<T, float>    ? ElementType::kFloat32
                                   : std::is_same_v<T, double> ? ElementType::kFloat64
                                                               : ElementType::kInt32;
  static_assert(std::is_floating_point_v<T> || std::is_same_v<T, int32_t>);
  Buffer memory(elements.size() * sizeof(T));
  std::ranges::copy(elements, memory.As<T>().begin());
  return StoredArray(std::move(memory), kElement, std::move(shape));
}

}  // namespace seve
