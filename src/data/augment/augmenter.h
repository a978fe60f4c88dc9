// A list of random operations on the pictures of training samples.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/augment/operation.h"
#include "data/dataset.h"

namespace seve {

// Memory of one thread for the pictures on their way through the operations.
class PictureScratch {
 public:
  explicit PictureScratch(const PictureExtent& extent) : bytes_(extent.bytes()) {
    memory_.resize(2 * bytes_);
  }

  [[nodiscard]] size_t bytes() const { return bytes_; }
  // A picture's memory that is not `taken`.
  [[nodiscard]] uint8_t* Other(const uint8_t* taken) {
    return taken == memory_.data() ? memory_.data() + bytes_ : memory_.data();
  }

 private:
  size_t bytes_;
  std::vector<uint8_t> memory_;
};

// Immutable, so any thread may ask.
class Augmenter {
 public:
  // `extent`: of every picture before and after.
  Augmenter(std::vector<Operation> operations, const PictureExtent& extent);

  [[nodiscard]] const PictureExtent& extent() const { return extent_; }
  [[nodiscard]] std::span<const Operation> operations() const { return operations_; }

  // What becomes of sample `index` of the data set at `place`, whose bytes (H, W, C) are `picture`:
  // in `scratch`, until it is used again.
  const uint8_t* Apply(const uint8_t* picture, const TrainingPlace& place, int64_t index,
                       PictureScratch& scratch) const;

  // Where the first operation is random_resized_crop, pictures that are stored larger can be cut
  // before they are scaled, and so once alone: the rectangle that it takes of a stored picture of
  // these extents, and what the others then do.
  [[nodiscard]] bool StartsWithCrop() const;
  [[nodiscard]] CropRectangle FirstCrop(const PictureExtent& stored, const TrainingPlace& place,
                                        int64_t index) const;
  const uint8_t* ApplyAfterCrop(const uint8_t* picture, const TrainingPlace& place, int64_t index,
                                PictureScratch& scratch) const;

 private:
  const uint8_t* ApplyFrom(size_t first, const uint8_t* picture, const TrainingPlace& place,
                           int64_t index, PictureScratch& scratch) const;

  std::vector<Operation> operations_;
  PictureExtent extent_;
};

// That many samples on.
inline TrainingPlace operator+(const TrainingPlace& first, size_t samples) {
  return {first.seed, first.epoch, first.position + static_cast<int64_t>(samples)};
}

}  // namespace seve
