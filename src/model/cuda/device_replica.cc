#include "model/cuda/device_replica.h"

#include "model/cuda/arena_kernels.h"

namespace seve {
namespace {

template <typename T>
std::span<const std::byte> BytesOf(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

}  // namespace

DeviceReplica::DeviceReplica(const ParameterLayout& layout, const ParameterArena& host,
                             const Optimizer& optimizer, Shard shard, size_t arenas,
                             Precision precision, const CudaDevice& device)
    : layout_(layout),
      host_(host),
      device_(device),
      shard_(std::move(shard)),
      copy_type_(ActivationType(precision)),
      scales_loss_(precision == Precision::kFp16),
      trainable_(layout.trainable_floats * sizeof(float)),
      frozen_(layout.frozen_floats * sizeof(float)),
      state_(sizeof(StepState)) {
  if (copy_type_ != DType::kFloat32) {
    trainable_copy_ = DeviceBuffer(layout.trainable_floats * SizeOf(copy_type_));
    frozen_copy_ = DeviceBuffer(layout.frozen_floats * SizeOf(copy_type_));
  }
  for (size_t i = 0; i < arenas; ++i) arenas_.emplace_back(arena_floats() * sizeof(float));
  for (size_t i = 0; i < optimizer.StateNames().size(); ++i) {
    states_.emplace_back(shard_.floats() * sizeof(float));
    host_states_.emplace_back(layout.trainable_floats * sizeof(float));
  }
  if (!scales_loss_) loss_scale_.scale = 1;
}

Tensor DeviceReplica::ValueAt(const Parameter& parameter) const {
  const DType type = parameter.IsStatistic() ? DType::kFloat32 : copy_type_;
  const bool copied = type != DType::kFloat32;
  const DeviceBuffer& memory = parameter.frozen ? (copied ? frozen_copy_ : frozen_)
                                                : (copied ? trainable_copy_ : trainable_);
  return {memory.data() + parameter.offset * SizeOf(type), type, parameter.spec.shape};
}

Tensor DeviceReplica::GradientAt(const Parameter& parameter, size_t arena) const {
  if (parameter.frozen) return {};
  return {gradients(arena) + parameter.offset, DType::kFloat32, parameter.spec.shape};
}

CudaSliceUpdate DeviceReplica::UpdateOf(Range range, const UpdateSlice& slice) const {
  CudaSliceUpdate update{.count = range.size(),
                         .parameters = trainable() + range.begin,
                         .gradients = gradients() + range.begin,
                         .copy_type = copy_type_,
                         .learning_rate_scale = slice.learning_rate_scale,
                         .weight_decay = slice.weight_decay,
                         .update = &state()->update};
  if (copy_type_ != DType::kFloat32) {
    update.copy = trainable_copy_.data() + range.begin * SizeOf(copy_type_);
  }
  return update;
}

void DeviceReplica::CopyTrainable() const {
  if (copy_type_ == DType::kFloat32) return;
  NarrowCopy(trainable(), trainable_copy_.data(), copy_type_, layout_.trainable_floats, device_);
}

void DeviceReplica::Download() {
  const cudaStream_t stream = device_.stream();
  CopyToHost(trainable_.data(), std::as_writable_bytes(host_.trainable()), stream);
  CopyToHost(&state()->loss_scale, std::as_writable_bytes(std::span(&loss_scale_, 1)), stream);
}

void DeviceReplica::Upload() {
  const cudaStream_t stream = device_.stream();
  CopyToDevice(std::as_bytes(host_.trainable()), trainable_.data(), stream);
  CopyToDevice(std::as_bytes(host_.frozen()), frozen_.data(), stream);
  CopyToDevice(BytesOf(loss_scale_), &state()->loss_scale, stream);
  CopyTrainable();
  if (copy_type_ == DType::kFloat32) return;
  NarrowCopy(frozen_.As<float>(), frozen_copy_.data(), copy_type_, layout_.frozen_floats, device_);
}

void DeviceReplica::KeepHostStates(bool keep) {
  for (auto& state : host_states_) {
    if (keep == (state.size() > 0)) continue;
    state = keep ? Buffer(layout_.trainable_floats * sizeof(float)) : Buffer();
  }
}

void DeviceReplica::CopyState(size_t index, float* arena) const {
  shard_.ForEach([&](Range range, size_t place) {
    CheckCuda(cudaMemcpyAsync(arena + range.begin, StateAt(index, place),
                              range.size() * sizeof(float), cudaMemcpyDefault, device_.stream()),
              "cudaMemcpyAsync");
  });
}

void DeviceReplica::SetState(size_t index, std::span<const float> arena) const {
  shard_.ForEach([&](Range range, size_t place) {
    CopyToDevice(std::as_bytes(arena.subspan(range.begin, range.size())), StateAt(index, place),
                 device_.stream());
  });
}

Tensor DeviceReplica::DownloadGradient(const Parameter& parameter) {
  if (parameter.frozen) return {};
  if (host_gradients_.size() == 0) {
    host_gradients_ = Buffer(layout_.trainable_floats * sizeof(float));
  }
  const auto values = host_gradients_.As<float>().subspan(parameter.offset, parameter.count);
  CopyToHost(gradients() + parameter.offset, std::as_writable_bytes(values), device_.stream());
  if (scales_loss_ && !parameter.IsStatistic()) {
    // The scale of that step, which may have changed after it.
    StepState state;
    CopyToHost(state_.data(), std::as_writable_bytes(std::span(&state, 1)), device_.stream());
    for (float& value : values) {
      value =
          static_cast<float>(static_cast<double>(value) / static_cast<double>(state.used_scale));
    }
  }
  return {values.data(), DType::kFloat32, parameter.spec.shape};
}

}  // namespace seve
