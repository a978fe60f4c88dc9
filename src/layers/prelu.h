// PReLU (He et al. 2015): a ReLU whose slope below zero is learned.
#pragma once

#include "layers/layer.h"

namespace seve {

// y = x where x > 0, a x elsewhere; any shape. "slope" a: (1), or with `per_feature` (C), one for
// each entry of a sample's first axis: for each feature, for each channel of pictures.
class PRelu : public Layer {
 public:
  PRelu(bool per_feature, float initial, Shape shape);

  [[nodiscard]] std::string_view kind() const override { return "prelu"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  [[nodiscard]] int64_t FlopsPerSample() const override { return shape_.elements(); }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  // So many values of a sample that have one slope lie side by side; those of the next one follow,
  // and after the last one those of the first: element i has slope i / Share() % slopes_.
  [[nodiscard]] int64_t Share() const;

  int64_t slopes_;
  float initial_;
  Shape shape_;
};

}  // namespace seve
