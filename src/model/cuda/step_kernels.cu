#include <cmath>

#include "model/cuda/step_kernels.h"
#include "model/step_record.h"
#include "optim/finite.h"
#include "optim/running_mean.h"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

constexpr int kLoss = static_cast<int>(RecordField::kLoss);
constexpr int kWeight = static_cast<int>(RecordField::kWeight);
constexpr int kCorrect = static_cast<int>(RecordField::kCorrect);
constexpr int kSamples = static_cast<int>(RecordField::kSamples);
constexpr int kStop = static_cast<int>(RecordField::kStop);
constexpr int kEnd = static_cast<int>(RecordField::kEnd);
constexpr int kFingerprint = static_cast<int>(RecordField::kFingerprint);

__device__ void Settings(const StepState* state, float* record) {
  record[kStop] = state->input.stop;
  record[kEnd] = state->input.end;
}

__global__ void BeginKernel(const StepInput* ring, StepState* state) {
  state->input = ring[state->turn % kStepSlots];
  state->update.non_finite = 0;
  state->used_scale = state->loss_scale.scale;
}

__global__ void LossesKernel(const LossSums* sums, int losses, int64_t samples, bool overwrite,
                             bool complete, float* record, const StepState* state) {
  if (overwrite) {
    for (size_t i = 0; i < kStepRecordFloats; ++i) record[i] = 0;
  }
  double loss = 0;
  for (int i = 0; i < losses; ++i) loss += sums[i].loss;
  record[kLoss] += static_cast<float>(loss);
  record[kWeight] += static_cast<float>(sums[0].weight);
  record[kCorrect] += static_cast<float>(sums[0].correct);
  record[kSamples] += static_cast<float>(samples);
  if (complete) Settings(state, record);
}

__global__ void SettingsKernel(const StepState* state, float* record) { Settings(state, record); }

__global__ void FingerprintKernel(const StepState* state, float* record) {
  uint64_t hash = state->hash;
  hash ^= hash >> 32;
  for (int piece = 0; piece < kFingerprintPieces; ++piece) {
    const auto value = static_cast<float>(hash & ((1u << kFingerprintBits) - 1));
    record[kFingerprint + 2 * piece] = value;
    record[kFingerprint + 2 * piece + 1] = value * value;
    hash >>= kFingerprintBits;
  }
}

__global__ void PenaltyKernel(const float* record, StepState* state) {
  state->penalty_scale =
      static_cast<double>(record[kWeight]) * static_cast<double>(state->loss_scale.scale);
}

__global__ void UpdateKernel(StepConstants constants, const float* record, StepState* state) {
  const double weight = record[kWeight];
  const double loss = static_cast<double>(record[kLoss]) + weight * state->penalty;
  if (!isfinite(loss)) state->halted = 1;

  double scale = 1.0 / weight;
  bool finite = true;
  if (constants.dynamic_loss_scale) {
    scale /= static_cast<double>(state->loss_scale.scale);
    finite = isfinite(state->squares);
  }
  if (constants.clip_norm != 0) {
    const double norm = sqrt(state->squares) * scale;
    const double clip = constants.clip_norm;
    if (norm > clip) scale = scale * clip / norm;
  }
  if (constants.dynamic_loss_scale && state->halted == 0) state->loss_scale.Note(finite);
  state->update.gradient_scale = static_cast<float>(scale);
  state->update.sample_share = 1.0f / record[kSamples];
  state->update.learning_rate = state->input.learning_rate;
  state->update.step = constants.dynamic_loss_scale ? state->loss_scale.updates : state->input.step;
  if (constants.shards && finite && !isfinite(state->squares)) state->update.non_finite = 1;
  state->update.skip = state->halted != 0 || !finite ? 1 : 0;
}

__global__ void StatisticsKernel(const CudaSliceUpdate slice, float momentum) {
  if (slice.update->skip != 0) return;
  const RunningMean rule = {momentum, slice.update->sample_share};
  const size_t i = size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= slice.count) return;
  const float sum = slice.gradients[i];
  slice.parameters[i] = rule(sum, slice.parameters[i]);
  if (NotFinite(sum) != 0) atomicOr(&slice.update->non_finite, 1);
}

__global__ void EndKernel(const float* record, StepState* state, StepOutput* ring) {
  StepOutput& output = ring[state->turn % kStepSlots];
  output.step = state->input.step;
  for (size_t i = 0; i < kStepRecordFloats; ++i) output.record[i] = record[i];
  output.penalty = state->penalty;
  output.non_finite = state->update.non_finite;
  output.loss_scale = state->loss_scale;
  ++state->turn;
  __threadfence_system();
}

}  // namespace

void BeginStep(const StepInput* ring, StepState* state, const CudaDevice& device) {
  Launch(BeginKernel, 1, 1, device.stream(), ring, state);
}

void RecordLosses(const LossSums* sums, int losses, int64_t samples, bool overwrite, bool complete,
                  float* record, const StepState* state, const CudaDevice& device) {
  Launch(LossesKernel, 1, 1, device.stream(), sums, losses, samples, overwrite, complete, record,
         state);
}

void WriteSettings(const StepState* state, float* record, const CudaDevice& device) {
  Launch(SettingsKernel, 1, 1, device.stream(), state, record);
}

void WriteFingerprint(const StepState* state, float* record, const CudaDevice& device) {
  Launch(FingerprintKernel, 1, 1, device.stream(), state, record);
}

void PreparePenalty(const float* record, StepState* state, const CudaDevice& device) {
  Launch(PenaltyKernel, 1, 1, device.stream(), record, state);
}

void PrepareUpdate(const StepConstants& constants, const float* record, StepState* state,
                   const CudaDevice& device) {
  Launch(UpdateKernel, 1, 1, device.stream(), constants, record, state);
}

void UpdateStatistics(const CudaSliceUpdate& slice, float momentum, const CudaDevice& device) {
  const auto count = static_cast<int64_t>(slice.count);
  Launch(StatisticsKernel, BlocksFor(count, kThreads), kThreads, device.stream(), slice, momentum);
}

void EndStep(const float* record, StepState* state, StepOutput* ring, const CudaDevice& device) {
  Launch(EndKernel, 1, 1, device.stream(), record, state, ring);
}

}  // namespace seve
