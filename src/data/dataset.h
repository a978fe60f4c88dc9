// A data set: samples addressed by index, gathered on demand into the tensors of a batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace seve {

// One named tensor of a sample.
struct FieldSpec {
  std::string name;  // "input", "target"
  DType dtype = DType::kFloat32;
  Shape shape;  // of one sample, without the batch axis; () for a class index
};

// The tensors of a batch, in the order of Dataset::Fields(), each (N, field shape); pictures lie
// channels-last (tensor/tensor.h).
using Batch = std::vector<Tensor>;

// A field of all samples as it lies in memory, for whoever converts it elsewhere than in Gather: on
// a GPU.
struct StoredField {
  const std::byte* data = nullptr;  // (N, field shape), as a batch lies
  DType dtype = DType::kFloat32;
  // Of bytes that stand for float32: value = fma(byte, scale, shift), in pictures with a pair for
  // each channel or one for all; empty: 1 and 0.
  std::span<const float> scale = {}, shift = {};
};

// The first of samples in a row that training takes. With the seed, a sample's epoch and position
// in the global order are all that what is done to it may depend on, besides which sample it is.
struct TrainingPlace {
  uint64_t seed = 0;
  int64_t epoch = 0;
  int64_t position = 0;
};

class Augmenter;  // data/augment/augmenter.h

class Dataset {
 public:
  virtual ~Dataset() = default;
  [[nodiscard]] virtual const std::vector<FieldSpec>& Fields() const = 0;
  [[nodiscard]] virtual int64_t size() const = 0;
  // Number of classes of an int32 "target"; 0 when the target is not a class.
  [[nodiscard]] virtual int64_t classes() const = 0;
  // Names of the classes in the order of their indices; empty: they go by number.
  [[nodiscard]] virtual std::vector<std::string> ClassNames() const { return {}; }
  // Where it came from, for the start table: "MNIST from /data/mnist (60,000 samples)".
  [[nodiscard]] virtual std::string Describe() const = 0;
  // Identifies the contents, equal on all ranks that read the same data.
  [[nodiscard]] virtual uint64_t ContentHash() const = 0;
  // Writes sample indices[i] to row i of every tensor, normalised. Thread-safe.
  virtual void Gather(std::span<const int64_t> indices, const Batch& destination) const = 0;
  // The same for training: "input" augmented, where the data set does that.
  virtual void GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& /*first*/,
                                 const Batch& destination) const {
    Gather(indices, destination);
  }
  // What GatherForTraining does to the pictures of "input" before they are normalised; nullptr:
  // nothing.
  [[nodiscard]] virtual const Augmenter* augmenter() const { return nullptr; }
  // One a field, when all lie in memory in one piece; otherwise empty: only Gather knows them.
  [[nodiscard]] virtual std::vector<StoredField> Stored() const { return {}; }
  // True when Gather is cheap (data in memory as stored bytes): no prefetching thread pays for
  // itself.
  [[nodiscard]] virtual bool InMemory() const { return true; }
};

}  // namespace seve
