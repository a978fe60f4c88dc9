#include "train/softmax.h"

#include <algorithm>
#include <cmath>

namespace seve {

std::vector<float> Softmax(std::span<const float> scores) {
  const float largest = *std::ranges::max_element(scores);
  std::vector<double> exponentials;
  double sum = 0;
  for (const float score : scores) {
    exponentials.push_back(std::exp(static_cast<double>(score) - static_cast<double>(largest)));
    sum += exponentials.back();
  }
  std::vector<float> shares;
  for (const double e : exponentials) shares.push_back(static_cast<float>(e / sum));
  return shares;
}

}  // namespace seve
