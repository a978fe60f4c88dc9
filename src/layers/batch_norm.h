// Batch normalisation (Ioffe & Szegedy 2015) with an optional fused sum and activation.
#pragma once

#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

struct BatchNormOptions {
  float momentum = 0.1f;
  float epsilon = 1e-5f;
  bool affine = true;
  bool adds = false;  // a second input, before the activation
  Activation activation = {};
};

// y = f(g (x - mean) / sqrt(variance + epsilon) + b) for each channel: of vectors (F), or of
// pictures (C, H, W). Where it adds, y = f(g (x - mean) / sqrt(variance + epsilon) + b + s), with s
// of the same shape. "weight" g, "bias" b, where affine; "running_mean", "running_var". All
// (channels).
//
// In training, mean and variance are those of the micro-batch's n = N H W values of a channel,
// divided by n, unless both statistics are frozen; they go to the statistics' gradients, with the
// variance divided by n - 1. Otherwise the running ones are used, and no gradient flows through
// them. Where statistics are synchronised (LayerBinding::statistics), n counts the micro-batches of
// all ranks, and mean and variance are theirs; a rank without samples takes part.
class BatchNorm : public Layer {
 public:
  // `shape`: of a sample, rank 1 or 3.
  BatchNorm(const BatchNormOptions& options, Shape shape);

  [[nodiscard]] std::string_view kind() const override { return "batch_norm"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  // The slope of the activation is computed from one input again: cheaper than another pass over
  // the outputs. Two would be no cheaper.
  [[nodiscard]] bool BackwardReadsOutput() const override;
  [[nodiscard]] bool CanFollow() const override { return true; }
  [[nodiscard]] std::unique_ptr<Layer> WithSum(const Activation& activation) const override;
  // Means, deviations and the like of each channel.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  BatchNormOptions options_;
  Shape shape_;
};

// The tensors of a bound batch_norm by name, whatever the device.
struct BatchNormTensors {
  BatchNormTensors(const BatchNormOptions& options, const LayerBinding& binding);

  Tensor weight, bias, running_mean, running_var;  // weight and bias absent where not affine
  Tensor weight_gradient, bias_gradient, mean_gradient, var_gradient;
  bool of_micro_batch;  // its own statistics are used
};

}  // namespace seve
