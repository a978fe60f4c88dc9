#include "data/image_folder/streamed_pictures.h"

#include <fmt/format.h>
#include <xxhash.h>

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
      scale_(options.mean, options.deviation),
      pool_(std::move(pool)),
      hash_(Hash(*source_, class_names_)) {
  Check(options.deviation > 0, "deviation of the pixels must be positive");
}

std::string StreamedPictures::Describe() const {
  return fmt::format("{} ({} samples)", origin_, WithThousands(size()));
}

void StreamedPictures::Gather(std::span<const int64_t> indices, const Batch& destination) const {
  const auto pixels = static_cast<size_t>(source_->picture().elements());
  float* const input = destination[0].Flat<float>().data();
  int32_t* const target = destination[1].Flat<int32_t>().data();
  pool_->For(static_cast<int64_t>(indices.size()), [&](int64_t row) {
    const auto at = static_cast<size_t>(row);
    thread_local std::vector<uint8_t> bytes;
    bytes.resize(pixels);
    source_->Read(indices[at], {}, bytes);
    scale_.Apply(bytes.data(), pixels, input + at * pixels);
    target[at] = source_->Label(indices[at]);
  });
}

}  // namespace seve
