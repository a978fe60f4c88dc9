// Kernels that show what the emulator does.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

namespace seve::emulator {

constexpr int kBlock = 256;

// out[i] = in[i] + 1
cudaError_t LaunchIncrement(const int* in, int* out, int count, cudaStream_t stream);
// sums[block] = the sum of its kBlock values, and whether all its threads got that sum.
cudaError_t LaunchBlockSums(const float* values, float* sums, int* agree, int blocks,
                            cudaStream_t stream);
// Ten words of each lane of one warp of `lanes` threads.
constexpr int kWarpWords = 10;
cudaError_t LaunchWarpWords(uint32_t* words, int lanes, cudaStream_t stream);
// Writes its place, x + 10 y + 100 z of block and thread, by the linear index of each thread.
cudaError_t LaunchPlaces(int* blocks, int* threads, dim3 grid, dim3 block, cudaStream_t stream);
// Counts with every kind of atomic.
struct Counts {
  int sum;
  unsigned most;
  unsigned long long bits;
  float total;
  int claimed;
  int last;
};
cudaError_t LaunchCounts(Counts* counts, cudaStream_t stream);
// Half of the block waits at __syncthreads, half for its warp.
cudaError_t LaunchStuck(cudaStream_t stream);
// Threads from `live` on end before the barrier.
cudaError_t LaunchEarlyEnds(int* seen, int live, cudaStream_t stream);
cudaError_t LaunchOutside(int* memory, int place, cudaStream_t stream);
cudaError_t LaunchNothing(int blocks, int threads, cudaStream_t stream);

}  // namespace seve::emulator
