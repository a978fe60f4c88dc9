// Augments the pictures of a micro-batch on the GPU, to the bit as Augmenter does on the CPU.
#pragma once

#include <cstdint>

#include "data/augment/operation.h"
#include "model/cuda/gather.h"

namespace seve {

struct AugmentedField {
  const uint8_t* pictures = nullptr;  // of all samples, (H, W, C) each
  PictureExtent extent;
  const Operation* operations = nullptr;  // on the GPU
  int32_t count = 0;                      // of operations, at least one
  uint8_t* scratch = nullptr;             // ScratchBytes
};

// For micro-batches of up to `rows` samples.
inline size_t AugmentScratchBytes(const PictureExtent& extent, int64_t rows) {
  return 2 * static_cast<size_t>(rows) * extent.bytes();
}

// Writes `rows` augmented pictures, at least one, one after the other, and returns where: in
// scratch. `source` has a split.
const uint8_t* Augment(const AugmentedField& field, const GatherSource& source, int64_t rows,
                       const StepState* state, const CudaDevice& device);

}  // namespace seve
