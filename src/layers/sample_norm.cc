#include "layers/sample_norm.h"

namespace seve {

std::unique_ptr<Layer> SampleNorm::OverAxes(const SampleNormOptions& options, const Shape& shape,
                                            int64_t axes) {
  const bool picture = shape.rank() == 3;
  Check(axes > 0 && axes <= static_cast<int64_t>(shape.rank()) && (!picture || axes == 3),
        "layer_norm over axes that a sample does not have together");
  const auto extents = shape.extents();
  const Shape last(std::vector<int64_t>(extents.end() - axes, extents.end()));
  const int64_t count = last.elements();
  const NormGroups groups = {
      .blocks = shape.elements() / count, .channels = count, .colours = picture ? shape[0] : 1};
  return std::make_unique<SampleNorm>("layer_norm", options, groups, shape, last);
}

std::unique_ptr<Layer> SampleNorm::OverGroups(const SampleNormOptions& options, const Shape& shape,
                                              int64_t groups) {
  Check((shape.rank() == 1 || shape.rank() == 3) && shape[0] % groups == 0,
        "group_norm of channels that do not divide into its groups");
  const NormGroups taken = {
      .rows = shape.elements() / shape[0], .channels = shape[0], .groups = groups};
  return std::make_unique<SampleNorm>("group_norm", options, taken, shape, Shape{shape[0]});
}

SampleNorm::SampleNorm(std::string_view kind, const SampleNormOptions& options,
                       const NormGroups& groups, Shape shape, Shape parameters)
    : kind_(kind),
      options_(options),
      groups_(groups),
      shape_(std::move(shape)),
      parameters_(std::move(parameters)) {}

std::vector<ParameterSpec> SampleNorm::Parameters() const {
  if (!options_.affine) return {};
  return {{"weight", parameters_, {Initializer::Kind::kConstant, 1}},
          {"bias", parameters_, {Initializer::Kind::kZeros}}};
}

size_t SampleNorm::WorkspaceBytes(int64_t rows) const {
  return static_cast<size_t>(rows * groups_.blocks * groups_.groups) * 2 * sizeof(float);
}

int64_t SampleNorm::FlopsPerSample() const {
  const int64_t each = options_.activation.kind == ActivationKind::kNone ? 6 : 7;
  return each * shape_.elements();
}

}  // namespace seve
