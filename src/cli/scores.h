// What a trained model says of samples whose truth nobody knows.
#pragma once

#include <vector>

#include "cli/replica.h"

namespace seve {

// The scored layer's output for every sample, in order.
std::vector<std::vector<float>> ScoresOf(const Replica& replica, const Dataset& data);

}  // namespace seve
