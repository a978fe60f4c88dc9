#include "data/image_dataset.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr size_t kCacheLine = 64;

// Samples are read in random order, so no hardware prefetcher foresees the next one. Rows fetched
// ahead by software and the time to gather 64 of 784 bytes out of 60,000: 0: 15.6 us, 1: 8.1,
// 2: 5.8, 4: 4.9.
constexpr size_t kAhead = 4;

void Prefetch(const uint8_t* bytes, size_t count) {
  for (size_t i = 0; i < count; i += kCacheLine) __builtin_prefetch(bytes + i);
}

void Normalise(const uint8_t* __restrict__ bytes, size_t count, float scale, float shift,
               float* __restrict__ values) {
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(bytes[i]) * scale + shift;
}

uint64_t Hash(const ImageSamples& samples) {
  const auto& extents = samples.picture.extents();
  uint64_t hash = XXH3_64bits(extents.data(), extents.size() * sizeof(extents[0]));
  hash = XXH3_64bits_withSeed(samples.pixels.data(), samples.pixels.size(), hash);
  return XXH3_64bits_withSeed(samples.labels.data(), samples.labels.size(), hash);
}

}  // namespace

std::vector<FieldSpec> PictureFields(const Shape& picture) {
  return {{"input", DType::kFloat32, picture}, {"target", DType::kInt32, Shape{}}};
}

ImageDataset::ImageDataset(ImageSamples samples, Options options)
    : samples_(std::move(samples)),
      fields_(PictureFields(samples_.picture)),
      origin_(std::move(options.origin)),
      scale_(static_cast<float>(1 / (255.0 * options.deviation))),
      shift_(static_cast<float>(-static_cast<double>(options.mean) / options.deviation)),
      hash_(Hash(samples_)) {
  Check(options.deviation > 0, "deviation of the pixels must be positive");
  Check(samples_.Pixels().size() ==
            static_cast<size_t>(samples_.size() * samples_.picture.elements()),
        "pictures and labels of different number");
}

std::string ImageDataset::Describe() const {
  return fmt::format("{} ({} samples)", origin_, WithThousands(size()));
}

void ImageDataset::Gather(std::span<const int64_t> indices, const Batch& destination) const {
  const auto pixels = static_cast<size_t>(samples_.picture.elements());
  float* const input = destination[0].Flat<float>().data();
  int32_t* const target = destination[1].Flat<int32_t>().data();
  const uint8_t* const bytes = samples_.Pixels().data();
  for (size_t row = 0; row < indices.size(); ++row) {
    if (row + kAhead < indices.size()) {
      Prefetch(bytes + static_cast<size_t>(indices[row + kAhead]) * pixels, pixels);
    }
    const auto index = static_cast<size_t>(indices[row]);
    Normalise(bytes + index * pixels, pixels, scale_, shift_, input + row * pixels);
    target[row] = samples_.labels[index];
  }
}

}  // namespace seve
