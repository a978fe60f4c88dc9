// Passes over whole arenas on a GPU, or over runs of them. All are enqueued in the device's stream.
// Arrays of floats start 16-byte aligned, narrow ones 8-byte aligned; any count goes. Equal input
// gives equal bits, on GPUs of every kind.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/cuda/cuda_device.h"
#include "tensor/dtype.h"

namespace seve {

// *result = sum of squares in float64, added to what is there unless `first`; NaN or infinity when
// a value is not finite.
void SumOfSquares(const float* values, size_t count, bool first, double* result,
                  const CudaDevice& device);

// sum[i] += more[i]: an inner node of a tree of sums (comm/tree_sum.h).
void AddInto(float* sum, const float* more, size_t count, const CudaDevice& device);

// gradient += *scale dP/dw of P = l1 |w| + l2/2 w^2 (model/penalty.h); *scale is on the device.
void AddPenaltyGradient(const float* w, float* gradient, size_t count, float l1, float l2,
                        const double* scale, const CudaDevice& device);

// *value = P summed over the parameters in float64, added to what is there unless `first`.
void PenaltyValue(const float* w, size_t count, float l1, float l2, bool first, double* value,
                  const CudaDevice& device);

// Between FP32 and another floating-point type, rounded to nearest.
void NarrowCopy(const float* from, void* to, DType type, size_t count, const CudaDevice& device);
void Widen(const void* from, DType type, float* to, size_t count, const CudaDevice& device);

// *hash += the sum over i of ElementHash(i, values[i]) (model/element_hash.h).
void HashParameters(const float* values, size_t count, uint64_t* hash, const CudaDevice& device);

}  // namespace seve
