// What surrounds cuDNN's convolutions on a GPU: filters in its order, biases, sums.
#pragma once

#include <cuda_runtime_api.h>

#include "layers/activation_functions.h"
#include "tensor/tensor.h"

namespace seve {

// Filters lie (O, I, KH, KW) among the parameters and (O, KH, KW, I) for cuDNN, as pictures do.
// `shape`: (O, I, KH, KW). `to` has the type of activations, as `weight` has.
void FiltersToChannelsLast(const Tensor& weight, const Shape& shape, void* to, cudaStream_t stream);

// gradient = the same values in the order of parameters, or += with `add`. `from`: FP32 or the
// type of activations; `gradient`: FP32.
void FiltersFromChannelsLast(const Tensor& from, const Shape& shape, const Tensor& gradient,
                             bool add, cudaStream_t stream);

// sums += bias in every channel of channels-last pictures, and y = f(sums);
// y may be sums.
void BiasAndActivation(const Activation& activation, const Tensor& bias, const Tensor& sums,
                       const Tensor& y, cudaStream_t stream);

}  // namespace seve
