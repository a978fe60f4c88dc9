#include "layers/concatenate.h"

namespace seve {
namespace {

Shape Joined(const std::vector<Shape>& inputs) {
  std::vector<int64_t> extents = inputs.front().extents();
  extents[0] = 0;
  for (const auto& input : inputs) extents[0] += input[0];
  return Shape(std::move(extents));
}

}  // namespace

Concatenate::Concatenate(const std::vector<Shape>& inputs) : output_(Joined(inputs)) {}

}  // namespace seve
