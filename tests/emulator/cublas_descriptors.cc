#include "emulator/cublas_descriptors.h"

#include <cstring>
#include <new>

namespace seve::emulator {
namespace {

// Room and users as cuBLASLt has them: a descriptor lies in an opaque struct that the user may own.
template <typename Held, typename Opaque>
cublasStatus_t PlaceIn(Opaque* room, size_t size, const Held& value) {
  static_assert(sizeof(Held) <= sizeof(Opaque) && alignof(Held) <= alignof(Opaque));
  if (room == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  if (size < sizeof(Opaque)) return CUBLAS_STATUS_ALLOC_FAILED;
  new (room) Held(value);
  return CUBLAS_STATUS_SUCCESS;
}

template <typename Held, typename Opaque>
cublasStatus_t Create(Opaque** handle, const Held& value) {
  if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  *handle = new Opaque();
  return PlaceIn(*handle, sizeof(Opaque), value);
}

template <typename Opaque>
cublasStatus_t Destroy(Opaque* room) {
  delete room;
  return CUBLAS_STATUS_SUCCESS;
}

template <typename Field>
cublasStatus_t Assign(Field& field, const void* value, size_t size) {
  if (value == nullptr || size != sizeof(Field)) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(&field, value, size);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t SetLayout(Layout& layout, cublasLtMatrixLayoutAttribute_t attribute,
                         const void* value, size_t size) {
  switch (attribute) {
    case CUBLASLT_MATRIX_LAYOUT_TYPE:
      return Assign(layout.type, value, size);
    case CUBLASLT_MATRIX_LAYOUT_ORDER:
      return Assign(layout.order, value, size);
    case CUBLASLT_MATRIX_LAYOUT_ROWS:
      return Assign(layout.rows, value, size);
    case CUBLASLT_MATRIX_LAYOUT_COLS:
      return Assign(layout.columns, value, size);
    case CUBLASLT_MATRIX_LAYOUT_LD:
      return Assign(layout.leading, value, size);
    case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT:
      return Assign(layout.batch, value, size);
    default:
      return CUBLAS_STATUS_NOT_SUPPORTED;
  }
}

cublasStatus_t SetDescription(ProductDescription& description,
                              cublasLtMatmulDescAttributes_t attribute, const void* value,
                              size_t size) {
  switch (attribute) {
    case CUBLASLT_MATMUL_DESC_COMPUTE_TYPE:
      return Assign(description.compute, value, size);
    case CUBLASLT_MATMUL_DESC_SCALE_TYPE:
      return Assign(description.scale, value, size);
    case CUBLASLT_MATMUL_DESC_POINTER_MODE:
      return Assign(description.pointer_mode, value, size);
    case CUBLASLT_MATMUL_DESC_TRANSA:
      return Assign(description.transpose_a, value, size);
    case CUBLASLT_MATMUL_DESC_TRANSB:
      return Assign(description.transpose_b, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE:
      return Assign(description.epilogue, value, size);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER:
      return Assign(description.bias, value, size);
    case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE:
      return Assign(description.bias_type, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER:
      return Assign(description.auxiliary, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD:
      return Assign(description.auxiliary_leading, value, size);
    case CUBLASLT_MATMUL_DESC_SM_COUNT_TARGET:
      return Assign(description.processors, value, size);
    default:
      return CUBLAS_STATUS_NOT_SUPPORTED;
  }
}

cublasStatus_t SetPreference(Preference& preference, cublasLtMatmulPreferenceAttributes_t attribute,
                             const void* value, size_t size) {
  switch (attribute) {
    case CUBLASLT_MATMUL_PREF_SEARCH_MODE:
      return Assign(preference.search, value, size);
    case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES:
      return Assign(preference.workspace, value, size);
    case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK:
      return Assign(preference.reductions, value, size);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES:
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES:
      return Assign(preference.alignments[attribute - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES],
                    value, size);
    case CUBLASLT_MATMUL_PREF_MAX_WAVES_COUNT:
      return Assign(preference.waves, value, size);
    case CUBLASLT_MATMUL_PREF_IMPL_MASK:
      return Assign(preference.implementations, value, size);
    default:
      return CUBLAS_STATUS_NOT_SUPPORTED;
  }
}

Layout MakeLayout(cudaDataType type, uint64_t rows, uint64_t columns, int64_t leading) {
  Layout layout;
  layout.type = type;
  layout.rows = rows;
  layout.columns = columns;
  layout.leading = leading;
  return layout;
}

ProductDescription MakeDescription(cublasComputeType_t compute, cudaDataType_t scale) {
  ProductDescription description;
  description.compute = compute;
  description.scale = scale;
  return description;
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

cublasStatus_t cublasLtMatrixLayoutInit_internal(cublasLtMatrixLayout_t layout, size_t size,
                                                 cudaDataType type, uint64_t rows, uint64_t columns,
                                                 int64_t leading) {
  return PlaceIn(layout, size, MakeLayout(type, rows, columns, leading));
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType type,
                                          uint64_t rows, uint64_t columns, int64_t leading) {
  return Create(layout, MakeLayout(type, rows, columns, leading));
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  return Destroy(layout);
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t layout,
                                                cublasLtMatrixLayoutAttribute_t attribute,
                                                const void* value, size_t size) {
  if (layout == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  return SetLayout(Of(layout), attribute, value, size);
}

cublasStatus_t cublasLtMatmulDescInit_internal(cublasLtMatmulDesc_t description, size_t size,
                                               cublasComputeType_t compute, cudaDataType_t scale) {
  return PlaceIn(description, size, MakeDescription(compute, scale));
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* description,
                                        cublasComputeType_t compute, cudaDataType_t scale) {
  return Create(description, MakeDescription(compute, scale));
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t description) {
  return Destroy(description);
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t description,
                                              cublasLtMatmulDescAttributes_t attribute,
                                              const void* value, size_t size) {
  if (description == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  return SetDescription(Of(description), attribute, value, size);
}

cublasStatus_t cublasLtMatmulPreferenceInit_internal(cublasLtMatmulPreference_t preference,
                                                     size_t size) {
  return PlaceIn(preference, size, Preference());
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
  return Create(preference, Preference());
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  return Destroy(preference);
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute,
                                                    const void* value, size_t size) {
  if (preference == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  return SetPreference(Of(preference), attribute, value, size);
}
}
