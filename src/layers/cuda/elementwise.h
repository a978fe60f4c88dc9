// Activations over arrays of a GPU: what activation layers and fused activations share.
#pragma once

#include <cuda_runtime_api.h>

#include "layers/activation_functions.h"
#include "tensor/tensor.h"

namespace seve {

// y = f(x); y may be x.
void ApplyActivation(const Activation& activation, const Tensor& x, const Tensor& y,
                     cudaStream_t stream);

// dx = dy f'(x), or dx += dy f'(x) with `add`; dx may be dy. `known`: x or y, whichever the slope
// reads.
void ActivationGradient(const Activation& activation, const Tensor& known, const Tensor& dy,
                        const Tensor& dx, bool add, cudaStream_t stream);

}  // namespace seve
