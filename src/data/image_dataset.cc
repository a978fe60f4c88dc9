#include "data/image_dataset.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/text.h"
#include "data/sample_rows.h"

namespace seve {
namespace {

uint64_t Hash(const ImageSamples& samples) {
  const auto& extents = samples.picture.extents();
  uint64_t hash = XXH3_64bits(extents.data(), extents.size() * sizeof(extents[0]));
  hash = XXH3_64bits_withSeed(samples.pixels.data(), samples.pixels.size(), hash);
  hash = XXH3_64bits_withSeed(samples.labels.data(), samples.labels.size() * sizeof(int32_t), hash);
  for (const auto& name : samples.class_names) {
    hash = XXH3_64bits_withSeed(name.data(), name.size() + 1, hash);
  }
  return hash;
}

}  // namespace

std::vector<FieldSpec> PictureFields(const Shape& picture) {
  return {{"input", DType::kFloat32, picture}, {"target", DType::kInt32, Shape{}}};
}

ImageDataset::ImageDataset(ImageSamples samples, Options options)
    : samples_(std::move(samples)),
      fields_(PictureFields(samples_.picture)),
      origin_(std::move(options.origin)),
      scale_(std::move(options.scale)),
      augmenter_(std::move(options.augmenter)),
      hash_(Hash(samples_)) {
  Check(samples_.Pixels().size() ==
            static_cast<size_t>(samples_.size() * samples_.picture.elements()),
        "pictures and labels of different number");
}

std::string ImageDataset::Describe() const {
  return fmt::format("{} ({} samples)", origin_, WithThousands(size()));
}

std::vector<StoredField> ImageDataset::Stored() const {
  const auto labels = std::as_bytes(std::span(samples_.labels));
  return {{.data = samples_.pixels.data(),
           .dtype = DType::kUint8,
           .scale = scale_.scale(),
           .shift = scale_.shift()},
          {.data = labels.data(), .dtype = DType::kInt32}};
}

void ImageDataset::Gather(std::span<const int64_t> indices, const Batch& destination) const {
  const auto pixels = static_cast<size_t>(samples_.picture.elements());
  float* const input = destination[0].Flat<float>().data();
  int32_t* const target = destination[1].Flat<int32_t>().data();
  ForEachSample(indices, samples_.pixels.data(), pixels, [&](size_t row, const std::byte* sample) {
    scale_.Apply(reinterpret_cast<const uint8_t*>(sample), pixels, input + row * pixels);
    target[row] = samples_.labels[static_cast<size_t>(indices[row])];
  });
}

void ImageDataset::GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& first,
                                     const Batch& destination) const {
  if (augmenter_ == nullptr) return Gather(indices, destination);
  const auto pixels = static_cast<size_t>(samples_.picture.elements());
  float* const input = destination[0].Flat<float>().data();
  int32_t* const target = destination[1].Flat<int32_t>().data();
  PictureScratch scratch(augmenter_->extent());
  ForEachSample(indices, samples_.pixels.data(), pixels, [&](size_t row, const std::byte* sample) {
    const auto* stored = reinterpret_cast<const uint8_t*>(sample);
    const uint8_t* seen = augmenter_->Apply(stored, first + row, indices[row], scratch);
    scale_.Apply(seen, pixels, input + row * pixels);
    target[row] = samples_.labels[static_cast<size_t>(indices[row])];
  });
}

}  // namespace seve
