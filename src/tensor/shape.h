// The extents of a tensor, outermost first: (N, C, H, W).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace seve {

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> extents) : extents_(extents) {}
  explicit Shape(std::vector<int64_t> extents) : extents_(std::move(extents)) {}

  [[nodiscard]] size_t rank() const { return extents_.size(); }
  int64_t operator[](size_t axis) const { return extents_[axis]; }
  [[nodiscard]] const std::vector<int64_t>& extents() const { return extents_; }

  // Product of the extents; 1 for a scalar.
  [[nodiscard]] int64_t elements() const;

  // (rows, *this): a per-sample shape with its batch axis in front.
  [[nodiscard]] Shape WithRows(int64_t rows) const;

  bool operator==(const Shape&) const = default;

  // "(1, 28, 28)"; "(10)"; "()".
  [[nodiscard]] std::string ToString() const;

 private:
  std::vector<int64_t> extents_;
};

}  // namespace seve
