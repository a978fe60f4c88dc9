// NumPy's .npy files: one array, row-major
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstddef>
#include <vector>

#include "base/file.h"
#include "tensor/element_type.h"
#include "tensor/tensor.h"

namespace seve {

// The bytes of a file of format 1.0 that holds the tensor. The data start 64-byte aligned.
std::vector<std::byte> EncodeNpy(const Tensor& tensor);

// What a file says of its array; the elements follow in row-major order from data_start to the end.
struct NpyHeader {
  ElementType element;
  Shape shape;
  size_t data_start;
};

// Reads formats 1.0 to 3.0. Throws Error(kData) naming the file and what is wrong: no .npy file,
// an element type that is not a little-endian one of ElementType (complex, object, text, …),
// column-major order (with the remedy), fewer or more bytes than the shape needs.
NpyHeader ReadNpyHeader(const InputFile& file);

}  // namespace seve
