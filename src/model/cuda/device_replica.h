// The long-lived memory of a replica on its GPU, and the host's copy of it.
#pragma once

#include <vector>

#include "model/arenas.h"
#include "model/cuda/step_state.h"
#include "optim/optimizer.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/precision.h"

namespace seve {

class DeviceReplica {
 public:
  // `arenas`: gradient arenas, at least one, each with a step record behind the gradients. `host`:
  // the host's parameters. All that is referred to must outlive it.
  DeviceReplica(const ParameterLayout& layout, const ParameterArena& host,
                const Optimizer& optimizer, size_t arenas, Precision precision,
                const CudaDevice& device);

  [[nodiscard]] StepState* state() const { return state_.As<StepState>(); }
  [[nodiscard]] float* trainable() const { return trainable_.As<float>(); }
  // Gradients, then the step record, of arena `index`.
  [[nodiscard]] float* gradients(size_t index = 0) const { return arenas_[index].As<float>(); }
  [[nodiscard]] float* record(size_t index = 0) const {
    return gradients(index) + layout_.trainable_floats;
  }
  [[nodiscard]] size_t arena_floats() const { return GradientArena::FloatsFor(layout_); }

  // What layers read: the parameters themselves, or their copies in the type of activations.
  // Statistics are always read themselves: a variance would lose too much in 16 bits.
  [[nodiscard]] Tensor ValueAt(const Parameter& parameter) const;
  [[nodiscard]] Tensor GradientAt(const Parameter& parameter, size_t arena) const;

  // Without the settings of the step: gradient scale and the like are the device's.
  [[nodiscard]] CudaSliceUpdate SliceOf(const UpdateSlice& slice) const;

  // Both wait for the stream. Download() also brings the loss scale.
  void Download();
  void Upload();
  [[nodiscard]] std::span<float> host_state(size_t index) const {
    return host_states_[index].As<float>();
  }
  [[nodiscard]] const LossScale& loss_scale() const { return loss_scale_; }
  void SetLossScale(const LossScale& scale) { loss_scale_ = scale; }
  // The sums of a parameter's gradient with the loss scale divided out, on the host.
  [[nodiscard]] Tensor DownloadGradient(const Parameter& parameter);

 private:
  const ParameterLayout& layout_;
  const ParameterArena& host_;
  const CudaDevice& device_;
  DType copy_type_;
  bool scales_loss_;
  DeviceBuffer trainable_, frozen_;
  DeviceBuffer trainable_copy_, frozen_copy_;  // empty where layers read the parameters themselves
  std::vector<DeviceBuffer> arenas_, states_;
  DeviceBuffer state_;
  std::vector<Buffer> host_states_;
  Buffer host_gradients_;  // made when first asked for
  LossScale loss_scale_;
};

}  // namespace seve
