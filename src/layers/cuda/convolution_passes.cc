#include "layers/cuda/convolution_passes.h"

#include <fmt/format.h>

#include "layers/cuda/convolution_kernels.h"
#include "layers/cuda/elementwise.h"
#include "tensor/cuda_devices.h"

namespace seve {
namespace {

// Whether filters lie alike among the parameters, (O, I, KH, KW), and for cuDNN, (O, KH, KW, I).
bool LieAlike(const ConvolutionGeometry& geometry) {
  return geometry.inputs == geometry.groups || geometry.kernel == Extent{};
}

std::string Describe(const ConvolutionGeometry& geometry, int64_t rows) {
  const auto both = [](const Extent& extent) {
    return fmt::format("{} x {}", extent.height, extent.width);
  };
  return fmt::format("pictures {} with filters {}, stride {}, padding {}, dilation {}, groups {}",
                     geometry.InputShape().WithRows(rows).ToString(),
                     geometry.WeightShape().ToString(), both(geometry.stride),
                     both(geometry.padding), both(geometry.dilation), geometry.groups);
}

[[noreturn]] void ThrowNoEngine(const CudnnConvolutionSpec& spec, const std::string& problem) {
  ThrowUsage(fmt::format(
      "{} has no engine for the {} pass of a convolution in {}, {}, that gives equal bits for "
      "equal "
      "input; it says: {}. Another precision may do, channels in multiples of 8, or device: CPU",
      CudnnVersionText(), NameOf(spec.pass), NameOf(spec.precision),
      Describe(spec.geometry, spec.rows), problem));
}

// Each pixel of y is then the filters times one pixel of x.
bool IsProduct(const ConvolutionGeometry& geometry) {
  return geometry.kernel == Extent{} && geometry.stride == Extent{} &&
         geometry.padding == Extent{0, 0} && geometry.groups == 1;
}

}  // namespace

PicturePass::PicturePass(ConvolutionPass pass, const ConvolutionGeometry& geometry, int64_t rows,
                         const PassEnding& ending, const CudaScope& scope)
    : spec_{.pass = pass,
            .geometry = geometry,
            .rows = rows,
            .precision = scope.precision,
            .bias = ending.bias && pass == ConvolutionPass::kForward,
            .add = ending.add},
      ending_(ending),
      stream_(scope.device.stream()) {
  if (rows == 0) return;
  std::string problem;
  convolution_ = CudnnConvolution::Find(spec_, scope.device, &problem);
  if (!convolution_ && spec_.bias) {
    spec_.bias = false;
    convolution_ = CudnnConvolution::Find(spec_, scope.device, &problem);
  }
  if (!convolution_) ThrowNoEngine(spec_, problem);
  filters_at_ = AlignUp(convolution_->workspace_bytes());
  const auto weights = static_cast<size_t>(geometry.WeightShape().elements());
  const size_t filters = LieAlike(geometry) ? 0 : weights * SizeOf(ActivationType(scope.precision));
  scratch_ = scope.device.Scratch(filters_at_ + filters);
}

void PicturePass::Run(const Tensor& from, const Tensor& weight, const Tensor& bias,
                      const Tensor& sums, const Tensor& to) const {
  if (!convolution_) return;
  void* filters = weight.memory();
  if (!LieAlike(spec_.geometry)) {
    filters = scratch_->data() + filters_at_;
    FiltersToChannelsLast(weight, spec_.geometry.WeightShape(), filters, stream_);
  }
  const bool forward = spec_.pass == ConvolutionPass::kForward;
  convolution_->Run({.x = forward ? from.memory() : sums.memory(),
                     .y = forward ? sums.memory() : from.memory(),
                     .filters = filters,
                     .bias = spec_.bias ? bias.memory() : nullptr},
                    scratch_->data());
  if (ending_.bias && !spec_.bias) {
    BiasAndActivation(ending_.activation, bias, sums, to, stream_);
  } else if (ending_.activation.kind != ActivationKind::kNone) {
    ApplyActivation(ending_.activation, sums, to, stream_);
  }
}

// Filters of one pixel, which most of a deep network's are, have an FP32 gradient written or added
// where it belongs; no engine of cuDNN's gives that of activations in 16 bits.
WeightPass::WeightPass(const ConvolutionGeometry& geometry, int64_t rows, const CudaScope& scope)
    : spec_{.pass = ConvolutionPass::kWeightGradient,
            .geometry = geometry,
            .rows = rows,
            .precision = scope.precision},
      stream_(scope.device.stream()) {
  if (IsProduct(geometry)) {
    product_.emplace(CudaGemmSpec{.m = geometry.outputs,
                                  .n = geometry.inputs,
                                  .k = rows * geometry.output.height * geometry.output.width,
                                  .transpose_a = true,
                                  .precision = scope.precision,
                                  .output = DType::kFloat32},
                     scope.device);
    return;
  }
  if (rows == 0) return;
  std::string problem;
  convolution_ = CudnnConvolution::Find(spec_, scope.device, &problem);
  if (!convolution_) ThrowNoEngine(spec_, problem);
  result_at_ = AlignUp(convolution_->workspace_bytes());
  const auto weights = static_cast<size_t>(geometry.WeightShape().elements());
  scratch_ = scope.device.Scratch(result_at_ + weights * SizeOf(ActivationType(scope.precision)));
}

void WeightPass::Run(const Tensor& x, const Tensor& y, const Tensor& gradient, bool add) const {
  if (product_) {
    product_->Run(y.memory(), x.memory(), gradient.memory(), add);
    return;
  }
  if (!convolution_) {
    if (add) return;
    CheckCuda(cudaMemsetAsync(gradient.memory(), 0, gradient.bytes(), stream_), "cudaMemsetAsync");
    return;
  }
  const DType type = ActivationType(spec_.precision);
  const bool straight = !add && LieAlike(spec_.geometry) && type == DType::kFloat32;
  const Tensor result(scratch_->data() + result_at_, type, gradient.shape());
  convolution_->Run(
      {.x = x.memory(), .y = y.memory(), .filters = straight ? gradient.memory() : result.memory()},
      scratch_->data());
  if (straight) return;
  FiltersFromChannelsLast(result, spec_.geometry.WeightShape(), gradient, add, stream_);
}

}  // namespace seve
