#include "layers/batch_norm.h"

namespace seve {

BatchNorm::BatchNorm(const BatchNormOptions& options, Shape shape)
    : options_(options), shape_(std::move(shape)) {
  Check(shape_.rank() == 1 || shape_.rank() == 3, "batch_norm takes vectors and pictures");
}

std::vector<ParameterSpec> BatchNorm::Parameters() const {
  const Shape channels = {shape_[0]};
  const Initializer zeros = {Initializer::Kind::kZeros};
  const Initializer ones = {Initializer::Kind::kConstant, 1};
  std::vector<ParameterSpec> specs;
  if (options_.affine) specs = {{"weight", channels, ones}, {"bias", channels, zeros}};
  for (const bool variance : {false, true}) {
    specs.push_back({.name = variance ? "running_var" : "running_mean",
                     .shape = channels,
                     .initializer = variance ? ones : zeros,
                     .role = ParameterRole::kStatistic,
                     .momentum = options_.momentum});
  }
  return specs;
}

bool BatchNorm::BackwardReadsOutput() const {
  return options_.adds && options_.activation.kind != ActivationKind::kNone &&
         !SlopeNeedsInput(options_.activation);
}

std::unique_ptr<Layer> BatchNorm::WithSum(const Activation& activation) const {
  if (options_.adds || options_.activation.kind != ActivationKind::kNone) return nullptr;
  BatchNormOptions options = options_;
  options.adds = true;
  options.activation = activation;
  return std::make_unique<BatchNorm>(options, shape_);
}

// What the CUDA half keeps from Forward to Backward, and from one kernel of it to the next: two
// sums of each channel and a count, and four floats of each channel.
size_t BatchNorm::WorkspaceBytes(int64_t /*rows*/) const {
  const auto channels = static_cast<size_t>(shape_[0]);
  return (2 * channels + 1) * sizeof(double) + 4 * channels * sizeof(float);
}

// Mean and variance three, the rest three, sum and activation one each.
int64_t BatchNorm::FlopsPerSample() const {
  const bool activates = options_.activation.kind != ActivationKind::kNone;
  return (6 + (options_.adds ? 1 : 0) + (activates ? 1 : 0)) * shape_.elements();
}

BatchNormTensors::BatchNormTensors(const BatchNormOptions& options, const LayerBinding& binding) {
  size_t i = 0;
  if (options.affine) {
    weight = binding.parameters[0];
    bias = binding.parameters[1];
    weight_gradient = binding.parameter_gradients[0];
    bias_gradient = binding.parameter_gradients[1];
    i = 2;
  }
  running_mean = binding.parameters[i];
  running_var = binding.parameters[i + 1];
  mean_gradient = binding.parameter_gradients[i];
  var_gradient = binding.parameter_gradients[i + 1];
  of_micro_batch = binding.training && (mean_gradient.present() || var_gradient.present());
}

}  // namespace seve
