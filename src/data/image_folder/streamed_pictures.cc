#include "data/image_folder/streamed_pictures.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

uint64_t Hash(const PictureSource& source, const std::vector<std::string>& class_names) {
  uint64_t hash = source.ContentHash();
  for (const auto& name : class_names) {
    hash = XXH3_64bits_withSeed(name.data(), name.size() + 1, hash);
  }
  return hash;
}

}  // namespace

StreamedPictures::StreamedPictures(std::unique_ptr<PictureSource> source,
                                   std::vector<std::string> class_names,
                                   ImageDataset::Options options, std::shared_ptr<WorkerPool> pool)
    : source_(std::move(source)),
      class_names_(std::move(class_names)),
      fields_(PictureFields(source_->picture())),
      origin_(std::move(options.origin)),
      scale_(std::move(options.scale)),
      augmenter_(std::move(options.augmenter)),
      pool_(std::move(pool)),
      hash_(Hash(*source_, class_names_)) {}

std::string StreamedPictures::Describe() const {
  return fmt::format("{} ({} samples)", origin_, WithThousands(size()));
}

template <typename Read>
void StreamedPictures::GatherWith(std::span<const int64_t> indices, const Batch& destination,
                                  Read read) const {
  const auto pixels = static_cast<size_t>(source_->picture().elements());
  float* const input = destination[0].Flat<float>().data();
  int32_t* const target = destination[1].Flat<int32_t>().data();
  pool_->For(static_cast<int64_t>(indices.size()), [&](int64_t row) {
    const auto at = static_cast<size_t>(row);
    thread_local std::vector<uint8_t> bytes;
    bytes.resize(pixels);
    scale_.Apply(read(at, indices[at], bytes), pixels, input + at * pixels);
    target[at] = source_->Label(indices[at]);
  });
}

void StreamedPictures::Gather(std::span<const int64_t> indices, const Batch& destination) const {
  GatherWith(indices, destination, [&](size_t, int64_t index, std::span<uint8_t> pixels) {
    source_->Read(index, {}, pixels);
    return pixels.data();
  });
}

void StreamedPictures::GatherForTraining(std::span<const int64_t> indices,
                                         const TrainingPlace& first,
                                         const Batch& destination) const {
  if (augmenter_ == nullptr) return Gather(indices, destination);
  const Augmenter& augmenter = *augmenter_;
  const int32_t channels = augmenter.extent().channels;
  GatherWith(
      indices, destination,
      [&](size_t row, int64_t index, std::span<uint8_t> pixels) -> const uint8_t* {
        thread_local std::optional<PictureScratch> scratch;
        if (!scratch || scratch->bytes() != pixels.size()) scratch.emplace(augmenter.extent());
        const TrainingPlace place = first + row;
        if (!augmenter.StartsWithCrop()) {
          source_->Read(index, {}, pixels);
          return augmenter.Apply(pixels.data(), place, index, *scratch);
        }
        const auto crop = [&](const PictureSize& stored) -> Crop {
          const auto drawn = augmenter.FirstCrop(
              {static_cast<int32_t>(stored.height), static_cast<int32_t>(stored.width), channels},
              place, index);
          return {drawn.top, drawn.left, drawn.height, drawn.width};
        };
        source_->Read(index, crop, pixels);
        return augmenter.ApplyAfterCrop(pixels.data(), place, index, *scratch);
      });
}

}  // namespace seve
