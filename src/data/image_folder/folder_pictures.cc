#include "data/image_folder/folder_pictures.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "base/error.h"
#include "data/pictures/decode.h"
#include "data/pictures/resample.h"

namespace seve {

void FitPicture(const Bitmap& bitmap, const PictureSizing& sizing, const std::string& name,
                std::span<uint8_t> pixels) {
  const PictureSize size{bitmap.height, bitmap.width};
  const int64_t height = sizing.picture[1], width = sizing.picture[2];
  if (sizing.resize > 0) {
    const PictureSize to = ScaledTo(size, sizing.resize);
    return Resample(bitmap, {0, 0, size.height, size.width}, to, Middle(to, height, width), pixels);
  }
  if (size != PictureSize{height, width}) {
    ThrowData(
        fmt::format("{} is {} pixels wide and {} high, the first picture {} and {}: set "
                    "'height' and 'width', to which all are brought",
                    name, size.width, size.height, width, height));
  }
  std::ranges::copy(bitmap.pixels, pixels.begin());
}

FolderPictures::FolderPictures(std::shared_ptr<const FileStore> store, PictureList list,
                               PictureSizing sizing)
    : store_(std::move(store)), list_(std::move(list)), sizing_(std::move(sizing)) {
  Check(sizing_.picture.rank() == 3, "pictures have three axes");
  Check(list_.files.size() == list_.labels.size(), "pictures and labels of different number");
}

uint64_t FolderPictures::ContentHash() const {
  uint64_t hash = static_cast<uint64_t>(sizing_.resize);
  const auto add = [&hash](const void* bytes, size_t count) {
    hash = XXH3_64bits_withSeed(bytes, count, hash);
  };
  const auto& extents = sizing_.picture.extents();
  add(extents.data(), extents.size() * sizeof(extents[0]));
  add(list_.labels.data(), list_.labels.size() * sizeof(int32_t));
  for (const StoredFile& file : list_.files) {
    add(file.name.data(), file.name.size() + 1);
    add(&file.size, sizeof(file.size));
  }
  return hash;
}

void FolderPictures::Read(int64_t index, const ChooseCrop& choose,
                          std::span<uint8_t> pixels) const {
  const StoredFile& file = list_.files[static_cast<size_t>(index)];
  const std::string name = store_->Place(file.name);
  const Bitmap bitmap = DecodePicture(store_->Read(file), name, sizing_.picture[0]);
  if (!choose) return FitPicture(bitmap, sizing_, name, pixels);
  const PictureSize to{sizing_.picture[1], sizing_.picture[2]};
  Resample(bitmap, choose({bitmap.height, bitmap.width}), to, {0, 0, to.height, to.width}, pixels);
}

}  // namespace seve
