// Where the micro-batches of the steps under way stand, in memory that host and GPU share.
#pragma once

#include <span>

#include "data/loader.h"
#include "model/cuda/step_state.h"
#include "tensor/cuda/device_buffer.h"

namespace seve {

class StepPlaces {
 public:
  explicit StepPlaces(int64_t micro_batches)
      : count_(micro_batches),
        memory_(static_cast<size_t>(kStepSlots * micro_batches) * sizeof(SamplePlace)) {}

  void Write(std::span<const Slice> micro_batches, int slot) {
    SamplePlace* place = memory_.As<SamplePlace>() + slot * count_;
    for (const Slice& slice : micro_batches) {
      *place++ = {.epoch = slice.epoch, .position = slice.position};
    }
  }
  [[nodiscard]] const SamplePlace* data() const { return memory_.As<SamplePlace>(); }
  [[nodiscard]] int64_t count() const { return count_; }

 private:
  int64_t count_;
  PinnedBuffer memory_;
};

}  // namespace seve
