#include "layers/layers_cuda_testing.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cstring>

namespace seve::testing {
namespace {

using Bytes = std::vector<std::byte>;

template <typename T, typename Convert>
Bytes Converted(std::span<const float> values, Convert convert) {
  Bytes bytes(values.size() * sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    const T value = convert(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

template <typename T, typename Convert>
Values Converted(const Bytes& bytes, Convert convert) {
  Values values(bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = convert(value);
  }
  return values;
}

Bytes ToBytes(std::span<const float> values, DType type) {
  switch (type) {
    case DType::kBfloat16:
      return Converted<__nv_bfloat16>(values, [](float x) { return __float2bfloat16_rn(x); });
    case DType::kFloat16:
      return Converted<__half>(values, [](float x) { return __float2half_rn(x); });
    default:
      return Converted<float>(values, [](float x) { return x; });
  }
}

Values ToValues(const Bytes& bytes, DType type) {
  switch (type) {
    case DType::kBfloat16:
      return Converted<__nv_bfloat16>(bytes, [](auto x) { return __bfloat162float(x); });
    case DType::kFloat16:
      return Converted<__half>(bytes, [](auto x) { return __half2float(x); });
    default:
      return Converted<float>(bytes, [](float x) { return x; });
  }
}

}  // namespace

void Round(std::span<float> values, DType type) {
  std::ranges::copy(ToValues(ToBytes(values, type), type), values.begin());
}

// An address even where there are no values: the tensor is there, and empty.
CudaMemory::CudaMemory(std::span<const float> values, Shape shape, DType type,
                       const CudaDevice& device)
    : shape_(std::move(shape)),
      type_(type),
      device_(device),
      buffer_(std::max<size_t>(values.size() * SizeOf(type), 1)) {
  Write(values);
}

void CudaMemory::Write(std::span<const float> values) const {
  CopyToDevice(ToBytes(values, type_), buffer_.data(), device_.stream());
}

Values CudaMemory::Read() const {
  Bytes bytes(tensor().bytes());
  CopyToHost(buffer_.data(), bytes, device_.stream());
  return ToValues(bytes, type_);
}

CudaLayerRun::CudaLayerRun(const Layer& layer, const std::vector<Shape>& inputs, int64_t rows,
                           CudaDevice& device, Precision precision, const RunOptions& options,
                           uint64_t seed)
    : device_(device),
      type_(ActivationType(precision)),
      cpu_(layer, inputs, rows, options),
      output_(Upload(cpu_.output(), layer.output().WithRows(rows))),
      output_gradient_(Upload(cpu_.output_gradient(), layer.output().WithRows(rows))),
      workspace_(layer.WorkspaceBytes(rows)),
      place_(sizeof(SamplePlace)) {
  LayerBinding binding;
  binding.rows = rows;
  binding.training = options.training;
  binding.name_hash = options.name_hash;
  binding.output = output_.tensor();
  binding.output_gradient = output_gradient_.tensor();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Shape shape = inputs[i].WithRows(rows);
    inputs_.push_back(Upload(cpu_.input(i), shape));
    input_gradients_.push_back(Upload(cpu_.input_gradient(i), shape));
    binding.inputs.push_back(inputs_[i].tensor());
    binding.input_gradients.push_back(options.input_gradient ? input_gradients_[i].tensor()
                                                             : Tensor());
    binding.add_input_gradient.push_back(options.add_input_gradient);
  }
  for (const auto& spec : layer.Parameters()) {
    const size_t i = parameters_.size();
    const bool statistic = spec.role == ParameterRole::kStatistic;
    parameters_.push_back(statistic
                              ? CudaMemory(cpu_.parameter(i), spec.shape, DType::kFloat32, device_)
                              : Upload(cpu_.parameter(i), spec.shape));
    parameter_gradients_.emplace_back(cpu_.parameter_gradient(i), spec.shape, DType::kFloat32,
                                      device_);
    binding.parameters.push_back(parameters_[i].tensor());
    const bool frozen = options.frozen || (statistic && options.frozen_statistics);
    binding.parameter_gradients.push_back(frozen ? Tensor() : parameter_gradients_[i].tensor());
  }
  if (workspace_.size() > 0) {
    binding.workspace =
        Tensor(workspace_.data(), DType::kUint8, Shape{static_cast<int64_t>(workspace_.size())});
  }
  bound_ = layer.BindCuda(binding, {.device = device_,
                                    .precision = precision,
                                    .seed = seed,
                                    .place = place_.As<SamplePlace>(),
                                    .loss_scale = nullptr});
}

CudaMemory CudaLayerRun::Upload(std::span<float> values, const Shape& shape) {
  Round(values, type_);
  return {values, shape, type_, device_};
}

void CudaLayerRun::CopyFromCpu() {
  for (size_t i = 0; i < inputs_.size(); ++i) inputs_[i].Write(cpu_.input(i));
  for (size_t i = 0; i < parameters_.size(); ++i) parameters_[i].Write(cpu_.parameter(i));
}

void CudaLayerRun::Forward(const StepContext& context) {
  const SamplePlace place = {context.epoch, context.position};
  CopyToDevice(std::as_bytes(std::span(&place, 1)), place_.data(), device_.stream());
  bound_->Forward(context);
  device_.Synchronize();
}

void CudaLayerRun::Backward(const StepContext& context) {
  bound_->Backward(context);
  device_.Synchronize();
}

}  // namespace seve::testing
