#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "layers/registry_parts.h"

namespace seve {
namespace {

// The picture of one channel that so many values make.
Shape SquareOf(int64_t values) {
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(values))));
  return side * side == values ? Shape{1, side, side} : Shape{values, 1, 1};
}

}  // namespace

Extent ExtentOf(const google::protobuf::RepeatedField<int32_t>& numbers, const Extent& when_unset) {
  if (numbers.empty()) return when_unset;
  return {numbers[0], numbers[numbers.size() - 1]};
}

void RequirePictures(std::string_view kind, const std::string& name, const Shape& input) {
  if (input.rank() == 3) return;
  std::string remedy;
  if (input.rank() == 1 || input.rank() == 2) {
    const Shape pictures = input.rank() == 2 ? input.WithRows(1) : SquareOf(input[0]);
    remedy = fmt::format(": add reshape {{ shape: [{}, {}, {}] }} before it", pictures[0],
                         pictures[1], pictures[2]);
  }
  ThrowUsage(fmt::format("layer '{}': {} takes pictures (C, H, W), but its input has shape {}{}",
                         name, kind, input.ToString(), remedy));
}

}  // namespace seve
