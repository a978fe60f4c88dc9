#include <algorithm>
#include <string>

#include "config/validate_parts.h"

namespace seve {
namespace {

using Numbers = google::protobuf::RepeatedField<int32_t>;

template <typename Pool>
void CheckWindows(const Pool& pool, const std::string& path, Checker& checker) {
  if (pool.size().empty()) {
    return checker.Fail(path, path +
                                  " needs 'size', one number or height and width; for example: "
                                  "size: 2");
  }
  ValidateExtent(pool.size(), path + ".size", 1, checker);
  ValidateExtent(pool.stride(), path + ".stride", 1, checker);
  ValidateExtent(pool.padding(), path + ".padding", 0, checker);
  for (int i = 0; i < std::min(pool.padding().size(), 2); ++i) {
    // One padding goes with both sizes.
    const auto along = pool.padding().size() == 1 ? *std::ranges::min_element(pool.size())
                                                  : pool.size(std::min(i, pool.size_size() - 1));
    if (2 * pool.padding(i) <= along) continue;
    checker.Fail(path + ".padding[" + std::to_string(i) + "]",
                 path + ".padding is " + std::to_string(pool.padding(i)) +
                     ", but must be at most half of size, " + std::to_string(along) +
                     ": a window must have a pixel");
  }
}

void CheckPad(const config::Pad& pad, const std::string& path, Checker& checker) {
  const Numbers& amounts = pad.amount();
  if (amounts.size() != 1 && amounts.size() != 4) {
    return checker.Fail(path, path +
                                  " needs 'amount', one number for all sides or four: top, "
                                  "bottom, left, right; for example: amount: 1");
  }
  for (int i = 0; i < amounts.size(); ++i) {
    checker.AtLeast(path + ".amount[" + std::to_string(i) + "]", amounts[i], 0);
  }
  if (std::ranges::all_of(amounts, [](int32_t amount) { return amount == 0; })) {
    checker.Fail(path + ".amount[0]", path + ".amount is 0, which pads nothing");
  }
  if (pad.has_value() && pad.mode() != config::CONSTANT) {
    checker.Fail(path + ".value", path + ".value is what mode: CONSTANT puts, but mode is " +
                                      config::PadMode_Name(pad.mode()));
  }
}

}  // namespace

void ValidatePooling(const config::Layer& layer, const std::string& path, Checker& checker) {
  switch (layer.kind_case()) {
    case config::Layer::kMaxPool:
      return CheckWindows(layer.max_pool(), path + ".max_pool", checker);
    case config::Layer::kAveragePool:
      return CheckWindows(layer.average_pool(), path + ".average_pool", checker);
    case config::Layer::kPad:
      return CheckPad(layer.pad(), path + ".pad", checker);
    case config::Layer::kUpsample:
      return checker.Above(path + ".upsample.scale", layer.upsample().scale(), 0);
    default:
      return;
  }
}

}  // namespace seve
