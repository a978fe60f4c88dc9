#include "model/cuda/device_penalty.h"

#include "model/cuda/arena_kernels.h"
#include "model/cuda/step_kernels.h"

namespace seve {

DevicePenalty::DevicePenalty(const ParameterLayout& layout, const DeviceReplica& replica,
                             const CudaDevice& device)
    : replica_(replica), device_(device) {
  for (const auto& parameter : layout.parameters) {
    if (!parameter.Learns() || (parameter.l1 == 0 && parameter.l2 == 0)) continue;
    const size_t end = parameter.offset + parameter.count;
    runs_.push_back({parameter.offset, end, parameter.l1, parameter.l2});
  }
}

void DevicePenalty::Enqueue() const {
  if (runs_.empty()) return;
  StepState* state = replica_.state();
  PreparePenalty(replica_.record(), state, device_);
  bool first = true;
  for (const Run& run : runs_) {
    const float* w = replica_.trainable() + run.begin;
    const size_t count = run.end - run.begin;
    PenaltyValue(w, count, run.l1, run.l2, first, &state->penalty, device_);
    AddPenaltyGradient(w, replica_.gradients() + run.begin, count, run.l1, run.l2,
                       &state->penalty_scale, device_);
    first = false;
  }
}

}  // namespace seve
