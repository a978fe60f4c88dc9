// The long-lived memory of a replica: parameters in one arena, gradients and the step record in
// another.
#pragma once

#include <memory>
#include <span>

#include "comm/communicator.h"
#include "model/parameter_layout.h"
#include "tensor/buffer.h"
#include "tensor/tensor.h"

namespace seve {

class ParameterArena {
 public:
  // Zeroed. `layout` must outlive the arena.
  explicit ParameterArena(const ParameterLayout& layout);

  // Starting values: a pure function of seed and parameter names.
  void Initialize(uint64_t seed);

  [[nodiscard]] Tensor At(const Parameter& parameter) const;
  [[nodiscard]] std::span<float> trainable() const { return trainable_.As<float>(); }
  [[nodiscard]] std::span<float> frozen() const { return frozen_.As<float>(); }

 private:
  const ParameterLayout& layout_;
  Buffer trainable_, frozen_;
};

// Sums over one step that every rank knows after the reduction: travels behind the last gradient.
inline constexpr size_t kStepRecordFloats = 16;
enum class RecordField : size_t { kLoss, kWeight, kCorrect, kStop };

class GradientArena {
 public:
  GradientArena(const ParameterLayout& layout, Communicator& communicator);

  [[nodiscard]] Tensor At(const Parameter& parameter) const;  // absent when frozen
  [[nodiscard]] std::span<float> gradients() const { return window_->local().first(floats_); }
  [[nodiscard]] std::span<float> record() const {
    return window_->local().subspan(floats_, kStepRecordFloats);
  }
  [[nodiscard]] float& Record(RecordField field) const {
    return record()[static_cast<size_t>(field)];
  }
  [[nodiscard]] Window& window() const { return *window_; }

 private:
  size_t floats_;
  std::unique_ptr<Window> window_;
};

}  // namespace seve
