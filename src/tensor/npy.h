// NumPy's .npy files: one array, row-major
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace seve {

// The bytes of a file of format 1.0 that holds the tensor.
std::vector<std::byte> EncodeNpy(const Tensor& tensor);

}  // namespace seve
