// What cuBLASLt's opaque descriptors hold here.
#pragma once

#include <cublasLt.h>

namespace seve::emulator {

struct Layout {
  cudaDataType_t type = CUDA_R_32F;
  cublasLtOrder_t order = CUBLASLT_ORDER_COL;
  uint64_t rows = 0;
  uint64_t columns = 0;
  int64_t leading = 0;
  int32_t batch = 1;
};

// Elements from the first to the last, padding between them counted.
constexpr size_t Extent(const Layout& layout) {
  const bool by_column = layout.order == CUBLASLT_ORDER_COL;
  const size_t runs = by_column ? layout.columns : layout.rows;
  return (runs - 1) * static_cast<size_t>(layout.leading) +
         (by_column ? layout.rows : layout.columns);
}

struct ProductDescription {
  cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
  cudaDataType_t scale = CUDA_R_32F;
  int32_t pointer_mode = CUBLASLT_POINTER_MODE_HOST;
  cublasOperation_t transpose_a = CUBLAS_OP_N;
  cublasOperation_t transpose_b = CUBLAS_OP_N;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  const void* bias = nullptr;
  int32_t bias_type = -1;  // -1: that of D
  void* auxiliary = nullptr;
  int64_t auxiliary_leading = 0;
  int32_t processors = 0;
};

struct Preference {
  uint32_t search = CUBLASLT_SEARCH_BEST_FIT;
  uint64_t workspace = 0;
  uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_MASK;
  uint32_t alignments[4] = {256, 256, 256, 256};
  float waves = 0.0F;
  uint64_t implementations = ~uint64_t{0};
};

inline Layout& Of(cublasLtMatrixLayout_t layout) { return *reinterpret_cast<Layout*>(layout); }
inline ProductDescription& Of(cublasLtMatmulDesc_t description) {
  return *reinterpret_cast<ProductDescription*>(description);
}
inline Preference& Of(cublasLtMatmulPreference_t preference) {
  return *reinterpret_cast<Preference*>(preference);
}

}  // namespace seve::emulator
