// A small classification problem and configurations on it, for tests of whole models.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "base/philox.h"
#include "config/load.h"
#include "data/dataset.h"

namespace seve {

// `size` points of `inputs` normal values; the class is the largest of the first `classes` of them.
class SmallData : public Dataset {
 public:
  SmallData(int64_t size, int64_t inputs, int64_t classes)
      : fields_{{"input", DType::kFloat32, Shape{inputs}}, {"target", DType::kInt32, Shape{}}},
        size_(size),
        inputs_(inputs),
        classes_(classes) {}

  const std::vector<FieldSpec>& Fields() const override { return fields_; }
  int64_t size() const override { return size_; }
  int64_t classes() const override { return classes_; }
  std::string Describe() const override { return "points"; }
  uint64_t ContentHash() const override { return static_cast<uint64_t>(size_); }

  void Gather(std::span<const int64_t> indices, const Batch& destination) const override {
    const auto inputs = destination[0].Flat<float>();
    const auto targets = destination[1].Flat<int32_t>();
    for (size_t row = 0; row < indices.size(); ++row) {
      int32_t best = 0;
      for (int64_t i = 0; i < inputs_; ++i) {
        inputs[row * static_cast<size_t>(inputs_) + static_cast<size_t>(i)] = At(indices[row], i);
        if (i < classes_ && At(indices[row], i) > At(indices[row], best)) {
          best = static_cast<int32_t>(i);
        }
      }
      targets[row] = best;
    }
  }

 private:
  [[nodiscard]] float At(int64_t sample, int64_t element) const {
    const auto block =
        Philox{{7, 7}}(static_cast<uint32_t>(sample), static_cast<uint32_t>(element), 0, 0);
    return StandardNormal(block[0], block[1]);
  }

  std::vector<FieldSpec> fields_;
  int64_t size_, inputs_, classes_;
};

// A configuration with these `layer` entries and what else the loader insists on.
inline Configuration SmallConfiguration(const std::string& layers, const std::string& more = "",
                                        const std::vector<std::string>& sets = {}) {
  const bool has_loss = more.find("loss {") != std::string::npos;
  const bool has_optimizer = more.find("optimizer {") != std::string::npos;
  return ParseConfiguration(
      "data { digits {} }\nbatch { size: 12 }\nmodel {\n" + layers + "\n}\n" +
          (has_loss ? "" : "loss { cross_entropy {} }\n") +
          (has_optimizer ? "" : "optimizer { sgd { learning_rate: 0.1 } }\n") + "epochs: 2\n" +
          more,
      "small.textproto", sets);
}

}  // namespace seve
