#include "data/place_scale.h"

#include <cmath>
#include <limits>

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

// Whether the variance of n values around this mean is no more than rounding makes of equal ones,
// as scikit-learn decides it.
bool IsConstant(double variance, double mean, double n) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const double rounding = n * kEpsilon * mean;
  return variance <= n * kEpsilon * variance + rounding * rounding;
}

}  // namespace

PlaceScale Standardization(const StoredArray& array) {
  const auto means = MeanOf(array, [](double stored, size_t) { return stored; });
  const auto variances = MeanOf(array, [&](double stored, size_t place) {
    return (stored - means[place]) * (stored - means[place]);
  });
  PlaceScale result;
  for (size_t place = 0; place < means.size(); ++place) {
    const bool constant =
        IsConstant(variances[place], means[place], static_cast<double>(array.samples()));
    const double scale = constant ? 1 : 1 / std::sqrt(variances[place]);
    result.scale.push_back(scale);
    result.shift.push_back(-means[place] * scale);
  }
  return result;
}

}  // namespace seve
