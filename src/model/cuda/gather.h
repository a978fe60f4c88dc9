// Brings samples that lie on the GPU, as stored or as the host sent them, into the inputs of a
// plan.
#pragma once

#include <cstdint>
#include <span>

#include "model/cuda/step_state.h"
#include "tensor/cuda/cuda_device.h"

namespace seve {

// A field of samples of `width` values each, side by side, and where a batch of them goes.
struct GatherField {
  const void* from = nullptr;
  DType stored = DType::kFloat32;
  // Of bytes that stand for floating-point numbers, on the GPU: one a channel, which alternate from
  // byte to byte.
  const float* scale = nullptr;
  const float* shift = nullptr;
  uint32_t channels = 1;
  bool by_row = false;  // row r of `from` is the sample of row r, whichever it is
  int64_t width = 1;
  void* to = nullptr;
  DType type = DType::kFloat32;
};

// Which sample stands in row r of micro-batch `index` of `count` in a step: with a split, the one
// that the order of the epoch gives; without, the samples of a slot lie in order, `rows_apart` rows
// from micro-batch to micro-batch.
struct GatherSource {
  const SamplePlace* places = nullptr;  // (kStepSlots, count), the host's
  int64_t index = 0, count = 1;
  const int32_t* split = nullptr;  // of `samples` training samples
  int64_t samples = 0;
  uint64_t seed = 0;
  int64_t rows_apart = 0;
};

// Gathers `rows` samples, at least one, and sets state->place.
void Gather(std::span<const GatherField> fields, const GatherSource& source, int64_t rows,
            StepState* state, const CudaDevice& device);

}  // namespace seve
