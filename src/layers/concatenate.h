// Several layers' outputs one after the other: features of vectors, channels of pictures.
#pragma once

#include "layers/layer.h"

namespace seve {

// (N, C_0, ...), (N, C_1, ...), ... -> (N, C_0 + C_1 + ..., ...). The same value may be several of
// them. Pictures, which lie channels-last, are joined pixel by pixel.
class Concatenate : public Layer {
 public:
  // At least one shape, each of rank 1 or more, all with the same extents after the first.
  explicit Concatenate(const std::vector<Shape>& inputs);

  [[nodiscard]] std::string_view kind() const override { return "concatenate"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  // Parts of a sample that are joined each on its own: the pixels of pictures, or the whole.
  [[nodiscard]] int64_t Parts() const;

  Shape output_;
};

}  // namespace seve
