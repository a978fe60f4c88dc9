// An update rule, applied to contiguous slices of the parameter arena in one pass each.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
};

}  // namespace seve
