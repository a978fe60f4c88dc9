#include "data/place_scale.h"

#include <cmath>

#include "data/stored_elements.h"

namespace seve {
namespace {

// The mean over the samples of use(stored, place), for each place.
template <typename Use>
std::vector<double> MeanOf(const StoredArray& array, Use use) {
  const auto places = static_cast<size_t>(array.SampleShape().elements());
  std::vector<double> sums(places, 0.0);
  const std::byte* sample = array.bytes().data();
  WithElementType(array.element(), [&](auto element) {
    for (int64_t i = 0; i < array.samples(); ++i, sample += array.SampleBytes()) {
      for (size_t place = 0; place < places; ++place) {
        sums[place] += use(StoredElement<decltype(element)>(sample, place), place);
      }
    }
  });
  for (double& sum : sums) sum /= static_cast<double>(array.samples());
  return sums;
}

}  // namespace

PlaceScale Standardization(const StoredArray& array) {
  const auto means = MeanOf(array, [](double stored, size_t) { return stored; });
  const auto variances = MeanOf(array, [&](double stored, size_t place) {
    return (stored - means[place]) * (stored - means[place]);
  });
  PlaceScale result;
  for (size_t place = 0; place < means.size(); ++place) {
    const double scale = variances[place] > 0 ? 1 / std::sqrt(variances[place]) : 1;
    result.scale.push_back(scale);
    result.shift.push_back(-means[place] * scale);
  }
  return result;
}

}  // namespace seve
