#include "data/sampler.h"

#include <cmath>
#include <limits>

#include "base/error.h"

namespace seve {

KeyedPermutation::KeyedPermutation(Philox key, int64_t size)
    : KeyedPermutation(SampleOrder::Of(key, size)) {}

KeyedPermutation::KeyedPermutation(const SampleOrder& order) : order_(order) {
  Check(size() >= 1, "a permutation of nothing");
}

int64_t KeyedPermutation::operator()(int64_t index) const {
  if (static_cast<uint64_t>(index) >= order_.size) Check(false, "index outside the permutation");
  return order_(index);
}

Sampler::Sampler(int64_t samples, double validation_fraction, uint64_t seed)
    : samples_(samples), seed_(seed) {
  Check(samples >= 1 && samples <= std::numeric_limits<int32_t>::max(),
        "a sampler needs between 1 and 2^31 - 1 samples");
  Check(validation_fraction >= 0 && validation_fraction < 1, "validation fraction outside [0, 1)");
  train_ = samples - std::llround(validation_fraction * static_cast<double>(samples));
  const KeyedPermutation split(RandomStream(seed, RandomPurpose::kSplit), samples);
  split_.resize(static_cast<size_t>(samples));
  for (int64_t i = 0; i < samples; ++i) {
    split_[static_cast<size_t>(i)] = static_cast<int32_t>(split(i));
  }
}

int64_t Sampler::Train(int64_t epoch, int64_t position) const {
  const KeyedPermutation order(EpochOrder(seed_, epoch, train_));
  return split_[static_cast<size_t>(order(position))];
}

int64_t Sampler::Validation(int64_t position) const {
  if (position < 0 || position >= validation_size())
    Check(false, "position outside the validation split");
  return split_[static_cast<size_t>(train_ + position)];
}

}  // namespace seve
