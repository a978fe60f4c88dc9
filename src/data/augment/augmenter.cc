#include "data/augment/augmenter.h"

#include "base/error.h"

namespace seve {
namespace {

PictureDraws DrawsOf(size_t operation, const TrainingPlace& place, int64_t index) {
  return PictureDraws::Of(place.seed, operation, place.epoch, place.position, index);
}

}  // namespace

Augmenter::Augmenter(std::vector<Operation> operations, const PictureExtent& extent)
    : operations_(std::move(operations)), extent_(extent) {
  Check(extent.channels >= 1 && extent.channels <= PictureExtent::kMostChannels &&
            extent.height >= 1 && extent.height <= PictureExtent::kMostSide && extent.width >= 1 &&
            extent.width <= PictureExtent::kMostSide,
        "pictures of a size that augmentation does not work on");
}

const uint8_t* Augmenter::Apply(const uint8_t* picture, const TrainingPlace& place, int64_t index,
                                PictureScratch& scratch) const {
  return ApplyFrom(0, picture, place, index, scratch);
}

bool Augmenter::StartsWithCrop() const {
  return !operations_.empty() && operations_[0].kind == Operation::Kind::kRandomResizedCrop;
}

CropRectangle Augmenter::FirstCrop(const PictureExtent& stored, const TrainingPlace& place,
                                   int64_t index) const {
  Check(StartsWithCrop(), "augmentation does not start with random_resized_crop");
  return operations_[0].random_resized_crop.Draw(DrawsOf(0, place, index), stored);
}

const uint8_t* Augmenter::ApplyAfterCrop(const uint8_t* picture, const TrainingPlace& place,
                                         int64_t index, PictureScratch& scratch) const {
  return ApplyFrom(1, picture, place, index, scratch);
}

const uint8_t* Augmenter::ApplyFrom(size_t first, const uint8_t* picture,
                                    const TrainingPlace& place, int64_t index,
                                    PictureScratch& scratch) const {
  for (size_t i = first; i < operations_.size(); ++i) {
    uint8_t* const to = scratch.Other(picture);
    WithOperation(operations_[i], [&](const auto& operation) {
      const auto drawn = operation.Draw(DrawsOf(i, place, index), extent_);
      operation.Write(drawn, picture, extent_, to);
    });
    picture = to;
  }
  return picture;
}

}  // namespace seve
