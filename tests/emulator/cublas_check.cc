#include <algorithm>
#include <climits>
#include <cstdint>

#include "emulator/allocations.h"
#include "emulator/cublas_elements.h"
#include "emulator/cublas_product.h"

namespace seve::emulator {
namespace {

constexpr uintptr_t kAlignment = 16;

bool IsAligned(const void* pointer) {
  return reinterpret_cast<uintptr_t>(pointer) % kAlignment == 0;
}

bool TouchesBias(cublasLtEpilogue_t epilogue) {
  return (epilogue &
          (CUBLASLT_EPILOGUE_BIAS | CUBLASLT_EPILOGUE_BGRADA | CUBLASLT_EPILOGUE_BGRADB)) != 0;
}

bool IsEpilogue(cublasLtEpilogue_t epilogue) {
  constexpr cublasLtEpilogue_t kEpilogues[] = {
      CUBLASLT_EPILOGUE_DEFAULT, CUBLASLT_EPILOGUE_BIAS,      CUBLASLT_EPILOGUE_RELU,
      CUBLASLT_EPILOGUE_GELU,    CUBLASLT_EPILOGUE_RELU_BIAS, CUBLASLT_EPILOGUE_GELU_BIAS,
      CUBLASLT_EPILOGUE_BGRADA,  CUBLASLT_EPILOGUE_BGRADB};
  return std::ranges::find(kEpilogues, epilogue) != std::end(kEpilogues);
}

bool IsOperation(cublasOperation_t operation) {
  return operation == CUBLAS_OP_N || operation == CUBLAS_OP_T || operation == CUBLAS_OP_C;
}

bool IsSound(const Layout& layout) {
  if (layout.rows == 0 || layout.columns == 0) return false;
  if (layout.rows > INT_MAX || layout.columns > INT_MAX || layout.leading > INT_MAX) return false;
  const uint64_t run = layout.order == CUBLASLT_ORDER_COL ? layout.rows : layout.columns;
  return layout.leading >= static_cast<int64_t>(run);
}

bool HasShape(const Layout& layout, uint64_t rows, uint64_t columns) {
  return layout.rows == rows && layout.columns == columns;
}

// The table of cuBLASLt's documentation for 32F; C and D are of one type, as are A and B.
bool AreTypesSupported(const ProductDescription& description, const Layout& a, const Layout& b,
                       const Layout& c, const Layout& d) {
  if (description.scale != CUDA_R_32F || a.type != b.type || c.type != d.type) return false;
  if (!IsElementType(a.type) || !IsElementType(d.type)) return false;
  if (description.bias_type != -1 && description.bias_type != d.type) return false;
  switch (description.compute) {
    case CUBLAS_COMPUTE_32F:
      return d.type == a.type || d.type == CUDA_R_32F;
    case CUBLAS_COMPUTE_32F_FAST_TF32:
      return a.type == CUDA_R_32F && d.type == CUDA_R_32F;
    default:
      return false;
  }
}

bool IsOnDevice(const Layout& layout, const void* elements) {
  return PlaceOf(elements, Extent(layout) * SizeOf(layout.type)) == Place::kDevice;
}

// A GPU would fault, or worse, would not.
bool IsAllOnDevice(const Product& product) {
  const cublasLtEpilogue_t epilogue = product.description.epilogue;
  const Layout& d = product.d_layout;
  const size_t biases = epilogue == CUBLASLT_EPILOGUE_BGRADB ? d.columns : d.rows;
  for (const Operand* operand : {&product.a, &product.b, &product.c}) {
    if (!IsOnDevice(operand->layout, operand->elements)) return false;
  }
  if (TouchesBias(epilogue) &&
      PlaceOf(product.description.bias, biases * SizeOf(d.type)) != Place::kDevice) {
    return false;
  }
  return IsOnDevice(d, product.d) &&
         (product.workspace_bytes == 0 ||
          PlaceOf(product.workspace, product.workspace_bytes) == Place::kDevice);
}

}  // namespace

cublasStatus_t CheckShapes(const ProductDescription& description, const Layout& a, const Layout& b,
                           const Layout& c, const Layout& d) {
  if (!IsOperation(description.transpose_a) || !IsOperation(description.transpose_b)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  for (const Layout* layout : {&a, &b, &c, &d}) {
    const bool known = layout->order == CUBLASLT_ORDER_COL || layout->order == CUBLASLT_ORDER_ROW;
    if (!known || layout->batch != 1) return CUBLAS_STATUS_NOT_SUPPORTED;
    if (!IsSound(*layout)) return CUBLAS_STATUS_INVALID_VALUE;
  }
  const bool turned_a = description.transpose_a != CUBLAS_OP_N;
  const bool turned_b = description.transpose_b != CUBLAS_OP_N;
  const uint64_t depth = turned_a ? a.rows : a.columns;
  if ((turned_b ? b.columns : b.rows) != depth ||
      !HasShape(d, turned_a ? a.columns : a.rows, turned_b ? b.rows : b.columns) ||
      !HasShape(c, d.rows, d.columns)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (!AreTypesSupported(description, a, b, c, d) ||
      description.pointer_mode != CUBLASLT_POINTER_MODE_HOST || !IsEpilogue(description.epilogue)) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  // So does cuBLASLt: a bias goes along the rows of a D in column order only.
  if (TouchesBias(description.epilogue) && d.order != CUBLASLT_ORDER_COL) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t CheckPointers(const Product& product) {
  const void* operands[] = {product.a.elements, product.b.elements, product.c.elements, product.d};
  for (const void* operand : operands) {
    if (operand == nullptr || !IsAligned(operand)) return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (product.d == product.a.elements || product.d == product.b.elements) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  const Layout& c = product.c.layout;
  const Layout& d = product.d_layout;
  if (product.d == product.c.elements && (c.order != d.order || c.leading != d.leading)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  const void* bias = product.description.bias;
  if (TouchesBias(product.description.epilogue) && (bias == nullptr || !IsAligned(bias))) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (!IsAligned(product.workspace)) return CUBLAS_STATUS_INVALID_VALUE;
  return IsAllOnDevice(product) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

}  // namespace seve::emulator
