#include "layers/conv_transpose2d.h"

namespace seve {

ConvTranspose2d::ConvTranspose2d(const Conv2dOptions& options)
    : options_(options), output_(options.geometry.InputShape()) {}

std::vector<ParameterSpec> ConvTranspose2d::Parameters() const {
  return ConvolutionParameters(options_, options_.geometry.inputs);
}

bool ConvTranspose2d::BackwardReadsOutput() const {
  return options_.activation.kind != ActivationKind::kNone && !SlopeNeedsInput(options_.activation);
}

size_t ConvTranspose2d::WorkspaceBytes(int64_t rows) const {
  if (!SlopeNeedsInput(options_.activation)) return 0;
  return static_cast<size_t>(rows * output_.elements()) * sizeof(float);
}

int64_t ConvTranspose2d::FlopsPerSample() const {
  const int64_t passes =
      int64_t{options_.bias} + (options_.activation.kind != ActivationKind::kNone);
  return options_.geometry.Flops() + output_.elements() * passes;
}

}  // namespace seve
