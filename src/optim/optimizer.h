// An update rule, applied to contiguous slices of the parameter arena in one pass each.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/dtype.h"

namespace seve {

inline constexpr size_t kMaxOptimizerStates = 3;

// One slice of the arenas (all the same length) and what the update needs to know about this step.
struct SliceUpdate {
  std::span<float> parameters;
  std::span<const float> gradients;  // summed over all samples and ranks
  std::array<std::span<float>, kMaxOptimizerStates>
      states;  // in the order of StateNames(); zero at first

  float gradient_scale = 1;  // 1/weight times the clip factor; multiplies every gradient first
  float learning_rate = 0;   // schedule and group scale already in it
  float weight_decay = 0;    // of the slice's parameter group
  int64_t step = 1;          // of this update, counted from 1 (bias correction)
};

// What the update of a step knows of it, on the device.
struct DeviceUpdate {
  float gradient_scale;  // 1/weight times the clip factor, the loss scale divided out
  float sample_share;    // 1/samples: of running statistics
  float learning_rate;   // schedule in it, group scale not
  int64_t step;          // of this update, counted from 1
  int32_t skip;          // not 0: nothing is updated
  int32_t non_finite;    // set to 1 by an update that meets a gradient that is not finite
};

// A slice of arenas of a GPU, whole groups of four floats: pointers to its first ones, aligned to
// 16 bytes.
struct CudaSliceUpdate {
  size_t count = 0;
  float* parameters = nullptr;
  const float* gradients = nullptr;
  std::array<float*, kMaxOptimizerStates> states = {};
  void* copy = nullptr;  // of the parameters in `copy_type`, written too; null: there is none
  DType copy_type = DType::kFloat32;
  float learning_rate_scale = 1;
  float weight_decay = 0;
  DeviceUpdate* update = nullptr;
};

class CudaDevice;

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  [[nodiscard]] virtual std::string_view kind() const = 0;
  // One FP32 arena each, named as in PyTorch's state ("momentum_buffer", "exp_avg", "exp_avg_sq").
  [[nodiscard]] virtual std::vector<std::string> StateNames() const = 0;
  // Weight decay of groups that set none.
  [[nodiscard]] virtual float weight_decay() const = 0;
  // Returns false when some gradient was not finite (the slice is updated all the same).
  [[nodiscard]] virtual bool UpdateCpu(const SliceUpdate& slice) const = 0;
  // The same rule on a GPU, one kernel; enqueues. Throws Error(kUsage) naming the optimizer where
  // it has no CUDA half.
  virtual void UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const;
};

}  // namespace seve
