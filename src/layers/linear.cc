#include "layers/linear.h"

namespace seve {

Linear::Linear(const LinearOptions& options) : options_(options), output_({options.units}) {
  Check(options.inputs > 0 && options.units > 0, "a linear layer needs inputs and units");
}

std::vector<ParameterSpec> Linear::Parameters() const {
  std::vector<ParameterSpec> specs;
  specs.push_back({"weight",
                   {options_.units, options_.inputs},
                   options_.weight_initializer,
                   options_.inputs,
                   options_.units});
  if (options_.bias) {
    specs.push_back(
        {"bias", {options_.units}, options_.bias_initializer, options_.inputs, options_.units});
  }
  return specs;
}

bool Linear::BackwardReadsOutput() const {
  return options_.activation.kind != ActivationKind::kNone && !SlopeNeedsInput(options_.activation);
}

size_t Linear::WorkspaceBytes(int64_t rows) const {
  if (!SlopeNeedsInput(options_.activation)) return 0;
  return static_cast<size_t>(rows * options_.units) * sizeof(float);
}

int64_t Linear::FlopsPerSample() const {
  const int64_t product = 2 * options_.inputs * options_.units;
  return product + (options_.bias ? options_.units : 0) +
         (options_.activation.kind == ActivationKind::kNone ? 0 : options_.units);
}

}  // namespace seve
