// The long-lived memory of a replica on its GPU, and the host's copy of it.
#pragma once

#include <vector>

#include "model/arenas.h"
#include "model/cuda/step_state.h"
#include "model/shard.h"
#include "optim/optimizer.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/precision.h"

namespace seve {

class DeviceReplica {
 public:
  // `arenas`: gradient arenas, at least one, each with a step record behind the gradients. `host`:
  // the host's parameters. `shard`: what this replica updates, and keeps the optimizer's state of.
  // All that is referred to must outlive it.
  DeviceReplica(const ParameterLayout& layout, const ParameterArena& host,
                const Optimizer& optimizer, Shard shard, size_t arenas, Precision precision,
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

  [[nodiscard]] const Shard& shard() const { return shard_; }
  // Without the settings of the step: gradient scale and the like are the device's.
  [[nodiscard]] CudaSliceUpdate SliceOf(const UpdateSlice& slice) const {
    return UpdateOf({slice.begin, slice.end}, slice);
  }
  // use(update, with its states) for what the shard has of a slice.
  template <typename Use>
  void ForEachUpdate(const UpdateSlice& slice, Use use) const {
    shard_.ForEach({slice.begin, slice.end}, [&](Range part, size_t place) {
      CudaSliceUpdate update = UpdateOf(part, slice);
      for (size_t i = 0; i < states_.size(); ++i) update.states[i] = StateAt(i, place);
      use(update);
    });
  }
  // Makes layers' copies of parameters that others have updated what the parameters are.
  void CopyTrainable() const;

  // Parameters and the loss scale; both wait for the stream.
  void Download();
  void Upload();

  // The optimizer's states on the host, an arena each of the layout's floats, or none of memory.
  void KeepHostStates(bool keep);
  [[nodiscard]] std::span<float> host_state(size_t index) const {
    return host_states_[index].As<float>();
  }
  // Between the shard's part of a state and its places in an arena, on the host or the device.
  void CopyState(size_t index, float* arena) const;
  void SetState(size_t index, std::span<const float> arena) const;
  [[nodiscard]] const LossScale& loss_scale() const { return loss_scale_; }
  void SetLossScale(const LossScale& scale) { loss_scale_ = scale; }
  // The sums of a parameter's gradient with the loss scale divided out, on the host.
  [[nodiscard]] Tensor DownloadGradient(const Parameter& parameter);

 private:
  [[nodiscard]] CudaSliceUpdate UpdateOf(Range range, const UpdateSlice& slice) const;
  [[nodiscard]] float* StateAt(size_t index, size_t place) const {
    return states_[index].As<float>() + place;
  }

  const ParameterLayout& layout_;
  const ParameterArena& host_;
  const CudaDevice& device_;
  Shard shard_;
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
