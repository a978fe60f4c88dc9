// The small kernels of a step: its beginning, the step record, what the update multiplies with, its
// end. Each enqueues in the device's stream.
#pragma once

#include "layers/loss.h"
#include "model/cuda/step_state.h"
#include "tensor/cuda/cuda_device.h"

namespace seve {

// Takes the step's input from its slot of the ring.
void BeginStep(const StepInput* ring, StepState* state, const CudaDevice& device);

// Adds the micro-batch's loss sums to the record of a gradient arena, or with `overwrite` clears
// the record first. `sums`: one for each loss; weight and correct are the first one's. With
// `complete` also what WriteSettings does.
void RecordLosses(const LossSums* sums, int losses, int64_t samples, bool overwrite, bool complete,
                  float* record, const StepState* state, const CudaDevice& device);

// Writes this rank's wishes into the record.
void WriteSettings(const StepState* state, float* record, const CudaDevice& device);
// Writes the fingerprint of state->hash there (model/replica_check.h).
void WriteFingerprint(const StepState* state, float* record, const CudaDevice& device);

// From the reduced record: the factor on the penalties' gradient.
void PreparePenalty(const float* record, StepState* state, const CudaDevice& device);
// From the reduced record and gradients (state->squares, where constants ask for them): what the
// update multiplies with, and whether there is one.
void PrepareUpdate(const StepConstants& constants, const float* record, StepState* state,
                   const CudaDevice& device);

// Running statistics follow the reduced sums (optim/running_mean.h), unless nothing is updated.
void UpdateStatistics(const CudaSliceUpdate& slice, float momentum, const CudaDevice& device);

// Writes the outcome into its slot of the ring and counts the step.
void EndStep(const float* record, StepState* state, StepOutput* ring, const CudaDevice& device);

}  // namespace seve
