// Samples whose fields are arrays of any shape and element type, on disk or in memory, converted
// while a batch is gathered. Pictures, (C, H, W), are stored in that order.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "data/augment/augmenter.h"
#include "data/dataset.h"
#include "data/pixel_scale.h"
#include "data/place_scale.h"
#include "data/stored_array.h"

namespace seve {

// Class indices, int32 (N): a field of shape ().
struct AsClass {};
// Numbers, converted to float32: a field of the shape that samples have. So are the two below.
struct AsValues {};

// What the elements of an array stand for. PixelScale: bytes of pictures, to the bit what
// ImageDataset makes of them.
using Meaning = std::variant<AsClass, AsValues, PixelScale, PlaceScale>;

class ArrayDataset : public Dataset {
 public:
  struct Field {
    std::string name;
    StoredArray array;
    Meaning meaning = AsValues();
  };
  struct Labels {
    int64_t classes = 0;             // of the class field; 0: there is none
    std::vector<std::string> names;  // of the classes; empty: they go by number
  };

  // `fields`: at least one, all of as many samples. `origin`: "iris.csv", for Describe().
  // `augmenter`: of "input", whose elements are pixels.
  ArrayDataset(std::vector<Field> fields, Labels labels, std::string origin,
               std::unique_ptr<const Augmenter> augmenter = nullptr);

  [[nodiscard]] const std::vector<FieldSpec>& Fields() const override { return specs_; }
  [[nodiscard]] int64_t size() const override { return fields_[0].array.samples(); }
  [[nodiscard]] int64_t classes() const override { return labels_.classes; }
  [[nodiscard]] std::vector<std::string> ClassNames() const override { return labels_.names; }
  // "iris.csv (120 samples, 3 classes)".
  [[nodiscard]] std::string Describe() const override;
  // XXH3 of names, shapes, element types and stored bytes, taken once at construction.
  [[nodiscard]] uint64_t ContentHash() const override { return hash_; }
  void Gather(std::span<const int64_t> indices, const Batch& destination) const override;
  void GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& first,
                         const Batch& destination) const override;
  [[nodiscard]] const Augmenter* augmenter() const override { return augmenter_.get(); }
  [[nodiscard]] bool InMemory() const override;

 private:
  std::vector<Field> fields_;
  std::vector<FieldSpec> specs_;
  Labels labels_;
  std::string origin_;
  std::unique_ptr<const Augmenter> augmenter_;
  uint64_t hash_;
};

}  // namespace seve
