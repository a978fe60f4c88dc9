// Which samples the rows of a micro-batch are, for kernels.
#pragma once

#include "data/sample_order.h"
#include "model/cuda/gather.h"

namespace seve {

// Where the micro-batch of the current step stands.
struct GatherPlace {
  const GatherSource& source;
  int64_t at;  // the micro-batch among those of all slots
  SamplePlace place;

  __device__ GatherPlace(const GatherSource& from, const StepState& state)
      : source(from),
        at(state.turn % kStepSlots * from.count + from.index),
        place(from.places[at]) {}

  __device__ int64_t Sample(int64_t row) const {
    if (source.split == nullptr) return at * source.rows_apart + row;
    const auto order = EpochOrder(source.seed, place.epoch, source.samples);
    return source.split[order(place.position + row)];
  }
};

}  // namespace seve
