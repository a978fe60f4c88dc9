// cuBLASLt, loaded at the first call: merely being loaded it takes 146 MB of memory and 60 ms of
// every process, also of one that uses no GPU. Programs link these functions in the library's
// place.
#include <cublasLt.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"

namespace seve {
namespace {

// As the toolkit of the build has it: found like a library that was linked, or where it was then.
constexpr const char* kPlaces[] = {SEVE_CUBLAS_LT_NAME, SEVE_CUBLAS_LT_PATH};

void* Load() {
  std::string why;
  for (const char* place : kPlaces) {
    if (void* const library = dlopen(place, RTLD_NOW | RTLD_LOCAL)) return library;
    why += fmt::format("{}{}", why.empty() ? "" : "; ", dlerror());
  }
  ThrowUsage(
      fmt::format("cuBLASLt cannot be loaded, which products on a GPU need: {}. Put the "
                  "folder of the CUDA toolkit's libraries into LD_LIBRARY_PATH",
                  why));
}

template <typename Function>
Function* Find(const char* name) {
  static void* const library = Load();
  void* const function = dlsym(library, name);
  if (function == nullptr) ThrowUsage(fmt::format("cuBLASLt has no {}: {}", name, dlerror()));
  return reinterpret_cast<Function*>(function);
}

}  // namespace
}  // namespace seve

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  static const auto call = seve::Find<decltype(cublasLtCreate)>("cublasLtCreate");
  return call(handle);
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
  static const auto call = seve::Find<decltype(cublasLtDestroy)>("cublasLtDestroy");
  return call(handle);
}

const char* cublasLtGetStatusString(cublasStatus_t status) {
  static const auto call = seve::Find<decltype(cublasLtGetStatusString)>("cublasLtGetStatusString");
  return call(status);
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc, const void* alpha,
                              const void* a, cublasLtMatrixLayout_t a_layout, const void* b,
                              cublasLtMatrixLayout_t b_layout, const void* beta, const void* c,
                              cublasLtMatrixLayout_t c_layout, void* d,
                              cublasLtMatrixLayout_t d_layout, const cublasLtMatmulAlgo_t* algo,
                              void* workspace, size_t workspace_bytes, cudaStream_t stream) {
  static const auto call = seve::Find<decltype(cublasLtMatmul)>("cublasLtMatmul");
  return call(handle, desc, alpha, a, a_layout, b, b_layout, beta, c, c_layout, d, d_layout, algo,
              workspace, workspace_bytes, stream);
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(
    cublasLtHandle_t handle, cublasLtMatmulDesc_t desc, cublasLtMatrixLayout_t a_layout,
    cublasLtMatrixLayout_t b_layout, cublasLtMatrixLayout_t c_layout,
    cublasLtMatrixLayout_t d_layout, cublasLtMatmulPreference_t preference, int wanted,
    cublasLtMatmulHeuristicResult_t* results, int* found) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulAlgoGetHeuristic)>("cublasLtMatmulAlgoGetHeuristic");
  return call(handle, desc, a_layout, b_layout, c_layout, d_layout, preference, wanted, results,
              found);
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* desc, cublasComputeType_t compute,
                                        cudaDataType_t scale) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulDescCreate)>("cublasLtMatmulDescCreate");
  return call(desc, compute, scale);
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t desc) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulDescDestroy)>("cublasLtMatmulDescDestroy");
  return call(desc);
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t desc,
                                              cublasLtMatmulDescAttributes_t attribute,
                                              const void* value, size_t bytes) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulDescSetAttribute)>("cublasLtMatmulDescSetAttribute");
  return call(desc, attribute, value, bytes);
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulPreferenceCreate)>("cublasLtMatmulPreferenceCreate");
  return call(preference);
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  static const auto call =
      seve::Find<decltype(cublasLtMatmulPreferenceDestroy)>("cublasLtMatmulPreferenceDestroy");
  return call(preference);
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute,
                                                    const void* value, size_t bytes) {
  static const auto call = seve::Find<decltype(cublasLtMatmulPreferenceSetAttribute)>(
      "cublasLtMatmulPreferenceSetAttribute");
  return call(preference, attribute, value, bytes);
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType type,
                                          uint64_t rows, uint64_t columns, int64_t leading) {
  static const auto call =
      seve::Find<decltype(cublasLtMatrixLayoutCreate)>("cublasLtMatrixLayoutCreate");
  return call(layout, type, rows, columns, leading);
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  static const auto call =
      seve::Find<decltype(cublasLtMatrixLayoutDestroy)>("cublasLtMatrixLayoutDestroy");
  return call(layout);
}
