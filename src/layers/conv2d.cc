#include "layers/conv2d.h"

namespace seve {
namespace {

int64_t Area(const Extent& extent) { return extent.height * extent.width; }

bool IsPossible(const ConvolutionGeometry& geometry) {
  const bool divides = geometry.groups > 0 && geometry.inputs % geometry.groups == 0 &&
                       geometry.outputs % geometry.groups == 0;
  return divides && geometry.inputs > 0 && geometry.outputs > 0 && geometry.output.height > 0 &&
         geometry.output.width > 0;
}

}  // namespace

std::vector<ParameterSpec> ConvolutionParameters(const Conv2dOptions& options, int64_t biases) {
  const ConvolutionGeometry& geometry = options.geometry;
  Check(IsPossible(geometry), "a convolution needs channels that its groups divide and an output");
  const int64_t fan_in = geometry.inputs / geometry.groups * Area(geometry.kernel);
  const int64_t fan_out = geometry.outputs * Area(geometry.kernel);
  std::vector<ParameterSpec> specs;
  specs.push_back({"weight", geometry.WeightShape(), options.weight_initializer, fan_in, fan_out});
  if (options.bias) {
    specs.push_back({"bias", {biases}, options.bias_initializer, fan_in, fan_out});
  }
  return specs;
}

Conv2d::Conv2d(const Conv2dOptions& options)
    : options_(options), output_(options.geometry.OutputShape()) {}

std::vector<ParameterSpec> Conv2d::Parameters() const {
  return ConvolutionParameters(options_, options_.geometry.outputs);
}

bool Conv2d::BackwardReadsOutput() const {
  return options_.activation.kind != ActivationKind::kNone && !SlopeNeedsInput(options_.activation);
}

size_t Conv2d::WorkspaceBytes(int64_t rows) const {
  if (!SlopeNeedsInput(options_.activation)) return 0;
  return static_cast<size_t>(rows * output_.elements()) * sizeof(float);
}

int64_t Conv2d::FlopsPerSample() const {
  const int64_t passes =
      int64_t{options_.bias} + (options_.activation.kind != ActivationKind::kNone);
  return options_.geometry.Flops() + output_.elements() * passes;
}

}  // namespace seve
