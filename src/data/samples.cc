#include "data/samples.h"

#include <algorithm>

#include "base/error.h"
#include "data/sampler.h"

namespace seve {

void PermutePixels(ImageSamples& samples, std::span<const int32_t> permutation) {
  Check(static_cast<int64_t>(permutation.size()) == samples.picture.elements(),
        "pixel permutation of another size than the pictures");
  std::vector<uint8_t> original(permutation.size());
  for (int64_t i = 0; i < samples.size(); ++i) {
    const std::span<uint8_t> picture = samples.Picture(i);
    std::copy(picture.begin(), picture.end(), original.begin());
    for (size_t q = 0; q < permutation.size(); ++q) {
      picture[q] = original[static_cast<size_t>(permutation[q])];
    }
  }
}

std::vector<int32_t> PixelPermutation(uint64_t seed, int64_t pixels) {
  const KeyedPermutation permutation(RandomStream(seed, RandomPurpose::kPixelPermutation), pixels);
  std::vector<int32_t> places(static_cast<size_t>(pixels));
  for (int64_t q = 0; q < pixels; ++q)
    places[static_cast<size_t>(q)] = static_cast<int32_t>(permutation(q));
  return places;
}

}  // namespace seve
