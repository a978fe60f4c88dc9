// What layers with a bias and a fused activation begin their backward pass with.
#pragma once

#include "layers/activation_functions.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/tensor.h"

namespace seve {

// dy *= f'(known) in place, where there is an activation, and gradient = column sums of the new dy,
// or += with `add`. dy: (rows, gradient's elements). Uses the device's workspace.
void SlopeAndBiasGradient(const Activation& activation, const Tensor& known, const Tensor& dy,
                          int64_t rows, const Tensor& gradient, bool add, const CudaDevice& device);

}  // namespace seve
