// A loss: a sum over samples with its weight, and the gradient of that sum.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "layers/layer.h"
#include "tensor/tensor.h"

namespace seve {

// Sums over one micro-batch, in float64. The mean loss is loss / weight after both were reduced
// over all micro-batches; never a mean of means.
struct LossSums {
  double loss = 0;
  double weight = 0;  // samples (later: unmasked tokens)
  double correct =
      0;  // samples whose highest score is the target's; 0 where accuracy has no meaning
};

struct LossBinding {
  int64_t rows = 0;
  Tensor scores;              // (N, outputs), float32
  Tensor target;              // (N) int32 class indices, or float32 values, as many as scores
  Tensor scores_gradient;     // (N, outputs); absent in evaluation
  bool add_gradient = false;  // add to scores_gradient (the scores feed other consumers as well)
  float scale = 1;            // the loss's weight among several: multiplies loss sum and gradient
};

class BoundLoss {
 public:
  virtual ~BoundLoss() = default;
  // Writes the gradient of the (scaled) sum of the samples' losses, where bound, and returns the
  // sums.
  virtual LossSums Run(const StepContext& context) = 0;
};

// A bound loss of a GPU: Run enqueues; the sums come to lie where the scope says, and the gradient
// is multiplied by the scope's loss scale. Rows whose target is no class give a loss that is not a
// number.
class BoundCudaLoss {
 public:
  virtual ~BoundCudaLoss() = default;
  virtual void Run() = 0;
};

class Loss {
 public:
  virtual ~Loss() = default;
  [[nodiscard]] virtual std::string_view kind() const = 0;
  // True when targets are class indices and accuracy is meaningful.
  [[nodiscard]] virtual bool IsClassification() const = 0;
  [[nodiscard]] virtual std::unique_ptr<BoundLoss> BindCpu(const LossBinding& binding) const = 0;
  // `sums`: on the device, overwritten by each Run.
  // Throws Error(kUsage) naming the loss where it has no CUDA half.
  [[nodiscard]] virtual std::unique_ptr<BoundCudaLoss> BindCuda(const LossBinding& binding,
                                                                const CudaScope& scope,
                                                                LossSums* sums) const;
};

}  // namespace seve
