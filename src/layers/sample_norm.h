// Normalisation of each sample by itself: layer normalisation (Ba et al. 2016) and group
// normalisation (Wu & He 2018), with an optional fused activation.
#pragma once

#include "base/host_device.h"
#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

// Samples taken as blocks of (rows, channels), the channels in equal groups: each group of a block
// has a mean and a variance, each channel a gain and a shift.
struct NormGroups {
  int64_t blocks = 1;  // of a sample
  int64_t rows = 1;
  int64_t channels = 1;
  int64_t groups = 1;
  // Of what channel i's gain and shift are: place i itself, or where (colours, pixels) lie
  // transposed in `channels`.
  int64_t colours = 1;

  [[nodiscard]] SEVE_HOST_DEVICE int64_t of_group() const { return channels / groups; }
  // Values that have one mean.
  [[nodiscard]] SEVE_HOST_DEVICE int64_t count() const { return rows * of_group(); }
  // Where gain and shift of a channel lie in the parameters.
  [[nodiscard]] SEVE_HOST_DEVICE int64_t ParameterOf(int64_t channel) const {
    return channel % colours * (channels / colours) + channel / colours;
  }
};

struct SampleNormOptions {
  float epsilon = 1e-5f;
  bool affine = true;
  Activation activation = {};
};

// y = f(g (x - mean) / sqrt(variance + epsilon) + b). "weight" g, "bias" b, where affine.
class SampleNorm : public Layer {
 public:
  // Over the last `axes` axes of a sample: of pictures over all three. g and b have their shape.
  static std::unique_ptr<Layer> OverAxes(const SampleNormOptions& options, const Shape& shape,
                                         int64_t axes);
  // Over each of the groups that the channels of pictures (C, H, W) or the features of vectors (C)
  // are divided into; g and b: (C).
  static std::unique_ptr<Layer> OverGroups(const SampleNormOptions& options, const Shape& shape,
                                           int64_t groups);

  SampleNorm(std::string_view kind, const SampleNormOptions& options, const NormGroups& groups,
             Shape shape, Shape parameters);

  [[nodiscard]] std::string_view kind() const override { return kind_; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // Mean and deviation of each group of each sample.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  std::string_view kind_;
  SampleNormOptions options_;
  NormGroups groups_;
  Shape shape_, parameters_;
};

}  // namespace seve
