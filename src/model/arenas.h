// The long-lived memory of a replica: parameters in one arena, gradients and the step record in
// another.
#pragma once

#include <span>

#include "model/parameter_layout.h"
#include "model/step_record.h"
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

// A view of the memory for the gradients of a replica and the step record behind them.
class GradientArena {
 public:
  // `memory`: FloatsFor(layout) floats, 256-byte aligned, which outlive the arena.
  GradientArena(const ParameterLayout& layout, std::span<float> memory)
      : floats_(layout.trainable_floats), memory_(memory) {}
  [[nodiscard]] static size_t FloatsFor(const ParameterLayout& layout) {
    return layout.trainable_floats + kStepRecordFloats;
  }

  [[nodiscard]] Tensor At(const Parameter& parameter) const;  // absent when frozen
  [[nodiscard]] std::span<float> all() const { return memory_; }
  [[nodiscard]] std::span<float> gradients() const { return memory_.first(floats_); }
  [[nodiscard]] std::span<float> record() const {
    return memory_.subspan(floats_, kStepRecordFloats);
  }
  [[nodiscard]] float& Record(RecordField field) const {
    return record()[static_cast<size_t>(field)];
  }

 private:
  size_t floats_;
  std::span<float> memory_;
};

}  // namespace seve
