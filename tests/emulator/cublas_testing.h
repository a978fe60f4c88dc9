// One product of cuBLASLt and what it should be, for tests of the emulator.
#pragma once

#include <cublasLt.h>

#include <vector>

#include "emulator/test_memory.h"

namespace seve::testing {

struct ProductCase {
  size_t rows = 5, columns = 7, depth = 9;
  bool turn_a = false, turn_b = false;
  cublasLtOrder_t order_a = CUBLASLT_ORDER_COL;
  cublasLtOrder_t order_b = CUBLASLT_ORDER_COL;
  cublasLtOrder_t order_d = CUBLASLT_ORDER_COL;
  cudaDataType_t type = CUDA_R_32F;    // of A and B
  cudaDataType_t type_d = CUDA_R_32F;  // and of C and the bias
  cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  float alpha = 1.0F, beta = 0.0F;
  size_t padding = 0;  // of each leading dimension
  size_t workspace = 0;
};

struct ProductResult {
  cublasStatus_t heuristic = CUBLAS_STATUS_SUCCESS;
  cublasStatus_t status = CUBLAS_STATUS_SUCCESS;
  size_t workspace = 0;
  std::vector<float> d;  // in column order, without padding
  std::vector<float> bias;
};

// The descriptors of a case, and its matrices in the device's memory with elements in [-1, 1].
class ProductSetting {
 public:
  explicit ProductSetting(const ProductCase& c);
  ~ProductSetting();
  ProductSetting(const ProductSetting&) = delete;
  ProductSetting& operator=(const ProductSetting&) = delete;

  // Asks the heuristic, then multiplies. The offsets move pointers by bytes.
  ProductResult Run(size_t offset_a = 0, size_t offset_bias = 0);
  // In float64, of the elements as they were rounded to the types. Of BGRADA and BGRADB the bias
  // holds the sums.
  [[nodiscard]] ProductResult Expected() const;

  cublasLtHandle_t handle = nullptr;
  cublasLtMatmulDesc_t description = nullptr;
  cublasLtMatrixLayout_t a_layout = nullptr, b_layout = nullptr, d_layout = nullptr;
  cublasLtMatmulPreference_t preference = nullptr;

 private:
  using Bytes = emulator::TestMemory<std::byte>;

  ProductCase case_;
  std::vector<float> a_, b_, d_, bias_;  // as op(A), op(B), C: column order, without padding
  Bytes a_memory_, b_memory_, d_memory_, bias_memory_, workspace_;
};

}  // namespace seve::testing
