// Matrix products of a GPU, compiled once for their shape and run on pointers.
#pragma once

#include <cstdint>

#include "tensor/cuda/cuda_device.h"
#include "tensor/dtype.h"
#include "tensor/precision.h"

namespace seve {

// D(m, n) = op(A) op(B) + bias, or D += op(A) op(B). All matrices are row-major, contiguous and
// aligned to 256 bytes. A and B have the type of activations of the precision; sums are FP32.
struct CudaGemmSpec {
  int64_t m = 0;
  int64_t n = 0;
  int64_t k = 0;
  bool transpose_a = false;  // A is stored (k, m) instead of (m, k)
  bool transpose_b = false;  // B is stored (n, k) instead of (k, n)
  Precision precision = Precision::kFp32;
  DType output = DType::kFloat32;  // of D: kFloat32 or the type of activations
  const void* bias = nullptr;      // (n) of D's type, added to every row; or none
};

// Extents may be 0: nothing to do, or D = 0 where only k is (there is no bias then).
class CudaGemm {
 public:
  // The algorithm is cuBLASLt's choice from the shape and the device, never by timing.
  CudaGemm(const CudaGemmSpec& spec, const CudaDevice& device);

  // Enqueues; `add`: D += instead of D =, which takes no bias. Uses the device's workspace.
  void Run(const void* a, const void* b, void* d, bool add = false) const;

 private:
  using Operation = CudaHandle<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
  using Layout = CudaHandle<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;

  void ChooseAlgorithm();

  CudaGemmSpec spec_;
  const CudaDevice& device_;
  Operation operation_;
  Layout a_, b_, d_;
  cublasLtMatmulAlgo_t algorithm_ = {};
};

}  // namespace seve
