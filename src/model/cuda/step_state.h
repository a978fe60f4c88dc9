// What a step's kernels and the host tell each other. The host writes a StepInput and reads a
// StepOutput in page-locked memory, a ring of a few slots; the GPU counts the steps itself, so that
// a recorded step needs no value of the host.
#pragma once

#include <cstdint>

#include "layers/layer.h"
#include "model/loss_scale.h"
#include "model/step_record.h"
#include "optim/optimizer.h"

namespace seve {

// Steps that may be under way: the outcome of step s - kStepsBehind is waited for before step s.
inline constexpr int kStepsBehind = 2;
// A slot is free again when the step that used it is over.
inline constexpr int kStepSlots = kStepsBehind + 1;

struct StepInput {
  int64_t step = 0;
  float learning_rate = 0;
  float stop = 0;  // for the step record
  float end = 0;
};

struct StepOutput {
  int64_t step = 0;
  float record[kStepRecordFloats] = {};  // sums over all ranks
  double penalty = 0;                    // of the parameters before the update
  int32_t non_finite = 0;                // some gradient was not finite though the loss was
  LossScale loss_scale;                  // after the step
};

// On the GPU, kept from step to step.
struct StepState {
  int64_t turn = 0;  // steps ended: this one's slot is turn modulo kStepSlots
  StepInput input;   // of the current step
  DeviceUpdate update;
  LossScale loss_scale;
  float used_scale = 1;      // loss scale of the latest gradients
  int32_t halted = 0;        // a loss was not finite: nothing is updated any more
  SamplePlace place;         // of the current micro-batch
  double squares = 0;        // of the reduced gradients
  double penalty = 0;        // of the parameters
  double penalty_scale = 0;  // on its gradient
  uint64_t hash = 0;         // of the parameters
};

// What of a step is fixed when it is compiled.
struct StepConstants {
  bool dynamic_loss_scale = false;
  float clip_norm = 0;  // 0: no clipping
  bool shards = false;  // ranks have sums of gradients of their own
};

}  // namespace seve
