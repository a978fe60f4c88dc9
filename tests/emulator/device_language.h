// Turns g++ into a compiler of CUDA kernels that run on the CPU (blocks.h): included before every
// line of a .cu. Knows what the kernels of src/ may use and no more: no dynamic shared memory, no
// <<<>>>, no inline PTX.
#pragma once

// Ours takes the place of CUDA's, which hands pointers to arguments to code that nvcc makes.
#define cudaLaunchKernelEx cudaLaunchKernelExOfCuda
#include <cuda_runtime.h>
#undef cudaLaunchKernelEx

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#undef __global__
#undef __device__
#undef __host__
#undef __constant__
#undef __shared__
#undef __forceinline__
#undef __launch_bounds__
#undef __grid_constant__
#define __global__
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __forceinline__ inline
#define __launch_bounds__(...)
// The threads of a block share an operating system's thread, which runs one block at a time.
#define __shared__ static thread_local

#include "device_atomics.h"
#include "device_launch.h"
#include "device_math.h"
#include "device_threads.h"
