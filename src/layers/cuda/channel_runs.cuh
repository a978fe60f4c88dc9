// Kernels over pictures that lie channels-last: neighbouring channels of a pixel for each thread.
#pragma once

#include "layers/cuda/runs.cuh"

namespace seve {

// Of `rows` samples.
struct PictureBatch {
  int64_t rows, height, width, channels;

  [[nodiscard]] int64_t elements() const { return rows * height * width * channels; }
};

// Where a run of channels stands: element `first`.
struct ChannelRun {
  int64_t row, h, w, channel, first;
};

// Calls body(ChannelRun) for runs of kSize channels that cover the batch, spread over all threads
// of the grid; channels is a multiple of kSize.
template <int kSize, typename Body>
__device__ void ForEachChannelRun(const PictureBatch& batch, Body body) {
  const auto runs = static_cast<uint32_t>(batch.channels / kSize);
  const auto width = static_cast<uint32_t>(batch.width);
  const auto height = static_cast<uint32_t>(batch.height);
  const int64_t count = batch.rows * batch.height * batch.width * runs;
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += threads) {
    const int64_t pixel = i / runs;
    const int64_t line = pixel / width;
    ChannelRun run;
    run.row = line / height;
    run.h = line - run.row * height;
    run.w = pixel - line * width;
    run.channel = (i - pixel * runs) * kSize;
    run.first = i * kSize;
    body(run);
  }
}

// Calls body(RunSize): Packs where channels are whole ones.
template <typename T, typename Body>
void WithChannelRuns(int64_t channels, Body body) {
  if (channels % Pack<T>::kSize == 0) {
    body(RunSize<Pack<T>::kSize>{});
  } else {
    body(RunSize<1>{});
  }
}

inline unsigned BlocksForChannelRuns(const PictureBatch& batch, int size) {
  return BlocksFor(batch.elements(), int64_t{kThreads} * size);
}

}  // namespace seve
