// cuBLASLt's functions on the CPU.
#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include <algorithm>

#include "emulator/cublas_product.h"
#include "emulator/stream.h"

struct cublasLtContext {
  int device;
};

namespace seve::emulator {
namespace {

// What an algorithm holds: who made it and the workspace it needs.
constexpr uint64_t kAlgorithm = 0x5e7e'a190'0000'0001;

// Room for partial sums where there is some.
size_t WorkspaceFor(const Layout& d, uint64_t room) {
  const uint64_t bytes = d.rows * d.columns * sizeof(float);
  return bytes <= room ? bytes : 0;
}

const char* NameOf(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH:
      return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR:
      return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR:
      return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "CUBLAS_STATUS_NOT_SUPPORTED";
    case CUBLAS_STATUS_LICENSE_ERROR:
      return "CUBLAS_STATUS_LICENSE_ERROR";
  }
  return "unrecognized status";
}

// cuBLASLt 13.1's own words.
const char* MeaningOf(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "success";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "the library was not initialized";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "the resource allocation failed";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "an unsupported value or parameter was passed to the function";
    case CUBLAS_STATUS_ARCH_MISMATCH:
      return "the function requires an architectural feature absent from the device";
    case CUBLAS_STATUS_MAPPING_ERROR:
      return "an access to GPU memory space failed";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "the function failed to launch on the GPU";
    case CUBLAS_STATUS_INTERNAL_ERROR:
      return "an internal operation failed";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "the requested functionality is not supported";
    case CUBLAS_STATUS_LICENSE_ERROR:
      return "the license check failed";
  }
  return "unrecognized status";
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  int device = 0;
  if (cudaGetDevice(&device) != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new cublasLtContext{.device = device};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

size_t cublasLtGetVersion() { return CUBLAS_VERSION; }
size_t cublasLtGetCudartVersion() { return CUDART_VERSION; }
const char* cublasLtGetStatusName(cublasStatus_t status) { return NameOf(status); }
const char* cublasLtGetStatusString(cublasStatus_t status) { return MeaningOf(status); }

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle,
                                              cublasLtMatmulDesc_t description,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                              cublasLtMatmulPreference_t preference, int requested,
                                              cublasLtMatmulHeuristicResult_t results[],
                                              int* returned) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (returned == nullptr || results == nullptr || requested <= 0) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  *returned = 0;
  if (!description || !a || !b || !c || !d || !preference) return CUBLAS_STATUS_INVALID_VALUE;
  const cublasStatus_t status = CheckShapes(Of(description), Of(a), Of(b), Of(c), Of(d));
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  const Preference& wishes = Of(preference);
  if (wishes.search != CUBLASLT_SEARCH_BEST_FIT || std::ranges::min(wishes.alignments) < 16) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  results[0] = {};
  const bool splits = wishes.reductions != CUBLASLT_REDUCTION_SCHEME_NONE;
  results[0].workspaceSize = WorkspaceFor(Of(d), splits ? wishes.workspace : 0);
  results[0].algo.data[0] = kAlgorithm;
  results[0].algo.data[1] = results[0].workspaceSize;
  results[0].state = CUBLAS_STATUS_SUCCESS;
  results[0].wavesCount = 1.0F;
  *returned = 1;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t description,
                              const void* alpha, const void* a, cublasLtMatrixLayout_t a_layout,
                              const void* b, cublasLtMatrixLayout_t b_layout, const void* beta,
                              const void* c, cublasLtMatrixLayout_t c_layout, void* d,
                              cublasLtMatrixLayout_t d_layout,
                              const cublasLtMatmulAlgo_t* algorithm, void* workspace,
                              size_t workspace_bytes, cudaStream_t stream) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (!description || !alpha || !beta || !a_layout || !b_layout || !c_layout || !d_layout) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (algorithm != nullptr &&
      (algorithm->data[0] != kAlgorithm || algorithm->data[1] > workspace_bytes)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (workspace == nullptr && workspace_bytes > 0) return CUBLAS_STATUS_INVALID_VALUE;
  const Product product = {
      .description = Of(description),
      .a = {.layout = Of(a_layout), .elements = a},
      .b = {.layout = Of(b_layout), .elements = b},
      .c = {.layout = Of(c_layout), .elements = c},
      .d_layout = Of(d_layout),
      .d = d,
      .alpha = *static_cast<const float*>(alpha),
      .beta = *static_cast<const float*>(beta),
      .workspace = workspace,
      .workspace_bytes =
          algorithm != nullptr ? algorithm->data[1] : WorkspaceFor(Of(d_layout), workspace_bytes),
  };
  cublasStatus_t status = CheckShapes(product.description, product.a.layout, product.b.layout,
                                      product.c.layout, product.d_layout);
  if (status == CUBLAS_STATUS_SUCCESS) status = CheckPointers(product);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  return Enqueue(stream, [product] { Multiply(product); }) == cudaSuccess
             ? CUBLAS_STATUS_SUCCESS
             : CUBLAS_STATUS_EXECUTION_FAILED;
}
}
