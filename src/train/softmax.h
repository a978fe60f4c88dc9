// From scores to probabilities.
#pragma once

#include <span>
#include <vector>

namespace seve {

// exp(s_i) / sum_j exp(s_j), computed in float64.
std::vector<float> Softmax(std::span<const float> scores);

}  // namespace seve
