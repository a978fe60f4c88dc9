// Listed pictures as a source: decoded when they are asked for, and brought to one size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "data/image_folder/picture_list.h"
#include "data/pictures/bitmap.h"
#include "data/pictures/picture_source.h"

namespace seve {

// How a picture becomes (C, H, W).
struct PictureSizing {
  Shape picture;
  int64_t resize = 0;  // of the shorter side, before the middle is cut out; 0: all have one size
};

// What test pictures, and pictures of people's own, go through: brings the bitmap to its size as
// Read does without a choice. Throws Error(kData) with `name` where all must have one size and this
// has another.
void FitPicture(const Bitmap& bitmap, const PictureSizing& sizing, const std::string& name,
                std::span<uint8_t> pixels);

class FolderPictures : public PictureSource {
 public:
  FolderPictures(std::shared_ptr<const FileStore> store, PictureList list, PictureSizing sizing);

  [[nodiscard]] int64_t size() const override { return list_.size(); }
  [[nodiscard]] const Shape& picture() const override { return sizing_.picture; }
  [[nodiscard]] int32_t Label(int64_t index) const override {
    return list_.labels[static_cast<size_t>(index)];
  }
  // Of sizing, names, sizes and labels of the files: equal for a folder and its archive. A file
  // that changes and keeps its size is not noticed.
  [[nodiscard]] uint64_t ContentHash() const override;
  void Read(int64_t index, const ChooseCrop& choose, std::span<uint8_t> pixels) const override;

 private:
  std::shared_ptr<const FileStore> store_;
  PictureList list_;
  PictureSizing sizing_;
};

}  // namespace seve
