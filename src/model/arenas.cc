#include "model/arenas.h"

#include "model/initialize.h"

namespace seve {

ParameterArena::ParameterArena(const ParameterLayout& layout)
    : layout_(layout),
      trainable_(layout.trainable_floats * sizeof(float)),
      frozen_(layout.frozen_floats * sizeof(float)) {}

void ParameterArena::Initialize(uint64_t seed) {
  for (const auto& parameter : layout_.parameters) {
    seve::Initialize(parameter.spec, parameter.name, seed, At(parameter).Flat<float>());
  }
}

Tensor ParameterArena::At(const Parameter& parameter) const {
  const auto arena = parameter.frozen ? frozen() : trainable();
  return {arena.data() + parameter.offset, DType::kFloat32, parameter.spec.shape};
}

Tensor GradientArena::At(const Parameter& parameter) const {
  if (parameter.frozen) return {};
  return {gradients().data() + parameter.offset, DType::kFloat32, parameter.spec.shape};
}

}  // namespace seve
