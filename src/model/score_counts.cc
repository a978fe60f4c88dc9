#include "model/score_counts.h"

#include <algorithm>
#include <cmath>

namespace seve {
namespace {

// Of the target's score among all, from 0; equal scores before it count as higher. Of a NaN the
// number of scores, so that it is among none.
int64_t RankOf(std::span<const float> scores, size_t target) {
  const float own = scores[target];
  if (std::isnan(own)) return std::ssize(scores);
  int64_t higher = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > own || (scores[i] == own && i < target)) ++higher;
  }
  return higher;
}

}  // namespace

size_t Highest(std::span<const float> scores) {
  size_t highest = 0;
  for (size_t i = 1; i < scores.size(); ++i) {
    const bool first_number = std::isnan(scores[highest]) && !std::isnan(scores[i]);
    if (scores[i] > scores[highest] || first_number) highest = i;
  }
  return highest;
}

ScoreCounts::ScoreCounts(int64_t classes, std::vector<int64_t> top)
    : classes_(classes), top_(std::move(top)) {
  const int64_t table = classes <= kMostClasses ? classes * classes : 0;
  counts_.resize(top_.size() + static_cast<size_t>(table));
}

void ScoreCounts::Add(const Tensor& scores, const Tensor& target) {
  const auto targets = target.Flat<int32_t>();
  const auto classes = static_cast<size_t>(classes_);
  for (size_t row = 0; row < targets.size(); ++row) {
    const auto of_row = scores.Flat<float>().subspan(row * classes, classes);
    const auto truth = static_cast<size_t>(targets[row]);
    if (!top_.empty()) {
      const int64_t rank = RankOf(of_row, truth);
      for (size_t i = 0; i < top_.size(); ++i) counts_[i] += rank < top_[i] ? 1 : 0;
    }
    if (counts_.size() > top_.size()) {
      counts_[top_.size() + truth * classes + Highest(of_row)] += 1;
    }
  }
}

void ScoreCounts::Clear() { std::ranges::fill(counts_, 0.0); }

std::span<const double> ScoreCounts::confusion() const {
  return std::span(counts_).subspan(top_.size());
}

}  // namespace seve
