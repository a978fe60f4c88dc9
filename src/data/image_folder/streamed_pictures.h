// Pictures that are decoded while a batch is gathered: for sets that memory does not hold.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "data/dataset.h"
#include "data/image_dataset.h"
#include "data/pictures/picture_source.h"
#include "data/pixel_scale.h"

namespace seve {

class StreamedPictures : public Dataset {
 public:
  // Fields as ImageDataset has them. The pool's threads decode; several data sets may share one.
  StreamedPictures(std::unique_ptr<PictureSource> source, std::vector<std::string> class_names,
                   ImageDataset::Options options, std::shared_ptr<WorkerPool> pool);

  [[nodiscard]] const std::vector<FieldSpec>& Fields() const override { return fields_; }
  [[nodiscard]] int64_t size() const override { return source_->size(); }
  [[nodiscard]] int64_t classes() const override {
    return static_cast<int64_t>(class_names_.size());
  }
  [[nodiscard]] std::vector<std::string> ClassNames() const override { return class_names_; }
  [[nodiscard]] std::string Describe() const override;
  [[nodiscard]] uint64_t ContentHash() const override { return hash_; }
  // Throws Error(kData) naming the first picture of the batch that cannot be read.
  void Gather(std::span<const int64_t> indices, const Batch& destination) const override;
  // Where augmentation starts with random_resized_crop, that is cut out of the picture as stored.
  void GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& first,
                         const Batch& destination) const override;
  [[nodiscard]] const Augmenter* augmenter() const override { return augmenter_.get(); }
  [[nodiscard]] bool InMemory() const override { return false; }

 private:
  // read(row, index, pixels): in each row what it returns, which is `pixels` or other memory.
  template <typename Read>
  void GatherWith(std::span<const int64_t> indices, const Batch& destination, Read read) const;

  std::unique_ptr<PictureSource> source_;
  std::vector<std::string> class_names_;
  std::vector<FieldSpec> fields_;
  std::string origin_;
  PixelScale scale_;
  std::unique_ptr<const Augmenter> augmenter_;
  std::shared_ptr<WorkerPool> pool_;
  uint64_t hash_;
};

}  // namespace seve
