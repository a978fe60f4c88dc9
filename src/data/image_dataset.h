// Pictures with a class each, kept in memory as stored bytes and normalised while a batch is
// gathered.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/augment/augmenter.h"
#include "data/dataset.h"
#include "data/pixel_scale.h"
#include "data/samples.h"

namespace seve {

// The fields of labelled pictures: "input", float32 (C, H, W); "target", int32 ().
std::vector<FieldSpec> PictureFields(const Shape& picture);

class ImageDataset : public Dataset {
 public:
  struct Options {
    PixelScale scale = PixelScale();
    std::string origin = "";  // "MNIST from /data/mnist"; Describe() adds the number of samples
    std::unique_ptr<const Augmenter> augmenter = nullptr;  // of training pictures; of this shape
  };

  // Fields: "input", float32 (C, H, W); "target", int32 ().
  ImageDataset(ImageSamples samples, Options options);

  [[nodiscard]] const std::vector<FieldSpec>& Fields() const override { return fields_; }
  [[nodiscard]] int64_t size() const override { return samples_.size(); }
  [[nodiscard]] int64_t classes() const override { return samples_.classes; }
  [[nodiscard]] std::vector<std::string> ClassNames() const override {
    return samples_.class_names;
  }
  [[nodiscard]] std::string Describe() const override;
  // XXH3 of shape, bytes, labels and names of classes, taken once at construction.
  [[nodiscard]] uint64_t ContentHash() const override { return hash_; }
  void Gather(std::span<const int64_t> indices, const Batch& destination) const override;
  void GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& first,
                         const Batch& destination) const override;
  [[nodiscard]] const Augmenter* augmenter() const override { return augmenter_.get(); }
  [[nodiscard]] std::vector<StoredField> Stored() const override;

 private:
  ImageSamples samples_;
  std::vector<FieldSpec> fields_;
  std::string origin_;
  PixelScale scale_;
  std::unique_ptr<const Augmenter> augmenter_;
  uint64_t hash_;
};

}  // namespace seve
