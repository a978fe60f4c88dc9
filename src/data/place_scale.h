// From stored numbers to values of mean 0 and deviation 1, place by place of a sample.
#pragma once

#include <vector>

#include "data/stored_array.h"

namespace seve {

// value = stored * scale + shift, in float64, with a pair for each place.
struct PlaceScale {
  std::vector<double> scale;
  std::vector<double> shift;
};

// (stored - mean) / deviation with the mean and deviation (divided by N) of each place over all
// samples; where the deviation is 0, stored - mean. Two passes over the array.
PlaceScale Standardization(const StoredArray& array);

}  // namespace seve
