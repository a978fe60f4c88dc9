#include "tensor/cuda/reduce.cuh"
#include "test_kernels.h"

namespace seve::emulator {
namespace {

constexpr unsigned kAll = 0xffffffffu;

cudaLaunchConfig_t Config(dim3 blocks, dim3 threads, cudaStream_t stream) {
  cudaLaunchConfig_t config = {};
  config.gridDim = blocks;
  config.blockDim = threads;
  config.stream = stream;
  return config;
}

__global__ void Increment(const int* in, int* out, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) out[i] = in[i] + 1;
}

__global__ void __launch_bounds__(kBlock) BlockSums(const float* values, float* sums, int* agree) {
  const float value = values[blockIdx.x * kBlock + threadIdx.x];
  const float sum = BlockSum<kBlock>(value);
  const float again = BlockSum<kBlock>(value);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
    agree[blockIdx.x] = 0;
  }
  __syncthreads();
  if (sum == again && sum == sums[blockIdx.x]) atomicAdd(&agree[blockIdx.x], 1);
}

__global__ void WarpWords(uint32_t* words) {
  const unsigned lane = threadIdx.x;
  uint32_t* mine = words + lane * kWarpWords;
  mine[0] = __shfl_xor_sync(kAll, lane, 5);
  mine[1] = __shfl_down_sync(kAll, lane, 3);
  mine[2] = __shfl_sync(kAll, lane, 7);
  mine[3] = __shfl_down_sync(kAll, lane, 3, 8);
  mine[4] = __shfl_xor_sync(kAll, lane, 16, 8);
  mine[5] = static_cast<uint32_t>(__shfl_sync(kAll, lane * 1.5, 3) * 2);
  mine[6] = __ballot_sync(kAll, lane % 3 == 0);
  mine[7] = static_cast<uint32_t>(__any_sync(kAll, lane == 4));
  mine[8] = static_cast<uint32_t>(__all_sync(kAll, lane < 31));
  mine[9] = static_cast<uint32_t>(__shfl_sync(kAll, (1ull << 40) + lane, 2) >> 38);
}

__global__ void Places(int* blocks, int* threads) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + thread;
  __syncthreads();  // each thread finds its own place again
  blocks[i] = static_cast<int>(blockIdx.x + 10 * blockIdx.y + 100 * blockIdx.z);
  threads[i] = static_cast<int>(threadIdx.x + 10 * threadIdx.y + 100 * threadIdx.z);
}

__global__ void Count(Counts* counts) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  atomicAdd(&counts->sum, 1);
  atomicMax(&counts->most, i);
  atomicOr(&counts->bits, 1ull << (i % 64));
  atomicAdd(&counts->total, 0.5f);
  if (atomicCAS(&counts->claimed, 0, 7) == 0) atomicExch(&counts->last, static_cast<int>(i));
  __threadfence();
}

__global__ void Stuck() {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else if (threadIdx.x != 40) {
    __syncwarp();
  } else {
    __syncthreads();
  }
}

__global__ void EarlyEnds(int* seen, int live) {
  __shared__ int arrived;
  if (threadIdx.x == 0) arrived = 0;
  __syncthreads();
  if (static_cast<int>(threadIdx.x) >= live) return;
  atomicAdd(&arrived, 1);
  __syncthreads();
  seen[threadIdx.x] = arrived;
}

__global__ void Outside(int* memory, int place) { memory[place] = 1; }

__global__ void Nothing() {}

}  // namespace

cudaError_t LaunchIncrement(const int* in, int* out, int count, cudaStream_t stream) {
  const auto config = Config((count + kBlock - 1) / kBlock, kBlock, stream);
  return cudaLaunchKernelEx(&config, Increment, in, out, count);
}

cudaError_t LaunchBlockSums(const float* values, float* sums, int* agree, int blocks,
                            cudaStream_t stream) {
  const auto config = Config(blocks, kBlock, stream);
  return cudaLaunchKernelEx(&config, BlockSums, values, sums, agree);
}

cudaError_t LaunchWarpWords(uint32_t* words, int lanes, cudaStream_t stream) {
  const auto config = Config(1, lanes, stream);
  return cudaLaunchKernelEx(&config, WarpWords, words);
}

cudaError_t LaunchPlaces(int* blocks, int* threads, dim3 grid, dim3 block, cudaStream_t stream) {
  const auto config = Config(grid, block, stream);
  return cudaLaunchKernelEx(&config, Places, blocks, threads);
}

cudaError_t LaunchCounts(Counts* counts, cudaStream_t stream) {
  const auto config = Config(3, 100, stream);
  return cudaLaunchKernelEx(&config, Count, counts);
}

cudaError_t LaunchStuck(cudaStream_t stream) {
  const auto config = Config(1, 64, stream);
  return cudaLaunchKernelEx(&config, Stuck);
}

cudaError_t LaunchEarlyEnds(int* seen, int live, cudaStream_t stream) {
  const auto config = Config(1, kBlock, stream);
  return cudaLaunchKernelEx(&config, EarlyEnds, seen, live);
}

cudaError_t LaunchOutside(int* memory, int place, cudaStream_t stream) {
  const auto config = Config(1, 1, stream);
  return cudaLaunchKernelEx(&config, Outside, memory, place);
}

cudaError_t LaunchNothing(int blocks, int threads, cudaStream_t stream) {
  const auto config = Config(blocks, threads, stream);
  return cudaLaunchKernelEx(&config, Nothing);
}

}  // namespace seve::emulator
