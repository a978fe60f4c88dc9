#include "layers/axis_taps.h"

namespace seve {

AxisTaps AxisTaps::Transposed() const {
  std::vector<std::vector<AxisTap>> readers(static_cast<size_t>(places));
  for (int64_t place = 0; place < size(); ++place) {
    for (const AxisTap& tap : Of(place)) {
      readers[static_cast<size_t>(tap.place)].push_back({static_cast<int32_t>(place), tap.factor});
    }
  }
  AxisTaps transposed;
  transposed.places = size();
  for (const auto& own : readers) {
    transposed.taps.insert(transposed.taps.end(), own.begin(), own.end());
    transposed.EndPlace();
  }
  return transposed;
}

}  // namespace seve
