// The two implementations of Gemm.
#pragma once

#include <memory>

#include "layers/cpu/gemm.h"

namespace seve {

// Extents must be at least 1.
std::unique_ptr<Gemm> MakeOneDnnGemm(const GemmSpec& spec);
std::unique_ptr<Gemm> MakeOpenBlasGemm(const GemmSpec& spec);

// True where OpenBLAS runs kernels written for AVX-512.
bool OpenBlasUsesAvx512();

}  // namespace seve
