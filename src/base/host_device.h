// Marks a function that host and device code share: elementwise formulas are written once.
#pragma once

#ifdef __CUDACC__
#define SEVE_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define SEVE_HOST_DEVICE inline
#endif
