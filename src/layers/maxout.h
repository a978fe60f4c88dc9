// Maxout (Goodfellow et al. 2013): each unit is the largest of several linear pieces.
#pragma once

#include "layers/linear.h"

namespace seve {

// y_j = max_k (x W_jk + b_jk) over k < pieces; the first of equal pieces wins. x: (N, inputs),
// y: (N, units), "weight" W: (units * pieces, inputs) and "bias" b: (units * pieces), the pieces of
// a unit side by side.
class Maxout : public Layer {
 public:
  // `piece`: the inputs, units and starting values of one piece, without activation.
  Maxout(const LinearOptions& piece, int64_t pieces);

  [[nodiscard]] std::string_view kind() const override { return "maxout"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override {
    return linear_.Parameters();
  }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // The pieces' values, later their gradients, (N, units * pieces) float32, and which piece won,
  // (N, units) int32.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  int64_t pieces_;
  Shape output_;
  Linear linear_;  // of all pieces
};

}  // namespace seve
