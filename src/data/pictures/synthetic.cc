#include "data/pictures/synthetic.h"

#include <algorithm>
#include <vector>

#include "base/philox.h"

namespace seve {
namespace {

constexpr int kNoise = 128;  // values above and below, together

// Sixteen bytes a block.
template <typename Use>
void ForEachByte(const Philox& stream, int64_t picture, size_t bytes, Use use) {
  for (size_t at = 0; at < bytes; at += 16) {
    const auto block = stream(static_cast<uint32_t>(picture), static_cast<uint32_t>(picture >> 32),
                              static_cast<uint32_t>(at / 16), 0);
    const size_t end = std::min(bytes, at + 16);
    for (size_t i = at; i < end; ++i) {
      const size_t place = i - at;
      use(i, static_cast<uint8_t>(block[place / 4] >> (8 * (place % 4))));
    }
  }
}

}  // namespace

ImageSamples MakeSyntheticImages(uint64_t seed, const Shape& picture, int64_t classes,
                                 int64_t first, int64_t count, WorkerPool& pool) {
  const auto bytes = static_cast<size_t>(picture.elements());
  const Philox of_classes = RandomStream(seed, RandomPurpose::kGeneratedData, NameHash("classes"));
  const Philox of_pictures =
      RandomStream(seed, RandomPurpose::kGeneratedData, NameHash("pictures"));
  std::vector<std::vector<uint8_t>> centres(static_cast<size_t>(classes));
  pool.For(std::min(classes, count), [&](int64_t i) {
    const int64_t label = (first + i) % classes;
    auto& centre = centres[static_cast<size_t>(label)];
    centre.resize(bytes);
    ForEachByte(of_classes, label, bytes, [&](size_t at, uint8_t value) { centre[at] = value; });
  });
  ImageSamples samples;
  samples.picture = picture;
  samples.classes = classes;
  samples.pixels = Buffer(static_cast<size_t>(count) * bytes);
  samples.labels.resize(static_cast<size_t>(count));
  pool.For(count, [&](int64_t i) {
    const int64_t label = (first + i) % classes;
    const auto& centre = centres[static_cast<size_t>(label)];
    const auto pixels = samples.Picture(i);
    ForEachByte(of_pictures, first + i, bytes, [&](size_t at, uint8_t value) {
      const int noisy = centre[at] + (value * kNoise >> 8) - kNoise / 2;
      pixels[at] = static_cast<uint8_t>(std::clamp(noisy, 0, 255));
    });
    samples.labels[static_cast<size_t>(i)] = static_cast<int32_t>(label);
  });
  return samples;
}

}  // namespace seve
