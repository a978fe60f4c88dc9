#include "layers/concatenate.h"

#include "tensor/channels_last.h"

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

int64_t Concatenate::Parts() const {
  return LiesChannelsLast(output_) ? output_[1] * output_[2] : 1;
}

}  // namespace seve
