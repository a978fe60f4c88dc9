#include "tensor/shape.h"

namespace seve {

int64_t Shape::elements() const {
  int64_t product = 1;
  for (const int64_t extent : extents_) product *= extent;
  return product;
}

Shape Shape::WithRows(int64_t rows) const {
  std::vector<int64_t> extents{rows};
  extents.insert(extents.end(), extents_.begin(), extents_.end());
  return Shape(std::move(extents));
}

std::string Shape::ToString() const {
  std::string text = "(";
  for (size_t axis = 0; axis < extents_.size(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(extents_[axis]);
  }
  return text + ")";
}

}  // namespace seve
