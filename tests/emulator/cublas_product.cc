#include "emulator/cublas_product.h"

#include <cblas.h>

#include <cmath>
#include <cstring>
#include <mutex>
#include <vector>

#include "emulator/cublas_elements.h"

namespace seve::emulator {
namespace {

size_t IndexOf(const Layout& layout, size_t row, size_t column) {
  const auto leading = static_cast<size_t>(layout.leading);
  return layout.order == CUBLASLT_ORDER_COL ? column * leading + row : row * leading + column;
}

// A matrix in row order is the transpose of one in column order.
CBLAS_TRANSPOSE TransposeOf(cublasOperation_t operation, const Layout& layout) {
  const bool turned = (operation != CUBLAS_OP_N) != (layout.order == CUBLASLT_ORDER_ROW);
  return turned ? CblasTrans : CblasNoTrans;
}

float Gelu(float x) {
  constexpr float kRootOfTwoOverPi = 0.797884561F;
  return 0.5F * x * (1.0F + std::tanh(kRootOfTwoOverPi * (x + 0.044715F * x * x * x)));
}

float Activated(cublasLtEpilogue_t epilogue, float x) {
  if ((epilogue & CUBLASLT_EPILOGUE_GELU) != 0) return Gelu(x);
  if ((epilogue & CUBLASLT_EPILOGUE_RELU) != 0) return x < 0.0F ? 0.0F : x;
  return x;
}

// Sums over the depth of the product: of op(A) one a row of D, of op(B) one a column.
void SumDepth(const Product& product, const float* elements, const Operand& operand,
              bool depth_is_rows) {
  const Layout& layout = operand.layout;
  const size_t sums = depth_is_rows ? layout.columns : layout.rows;
  const size_t depth = depth_is_rows ? layout.rows : layout.columns;
  for (size_t i = 0; i < sums; ++i) {
    float sum = 0.0F;
    for (size_t k = 0; k < depth; ++k) {
      sum += elements[depth_is_rows ? IndexOf(layout, k, i) : IndexOf(layout, i, k)];
    }
    StoreElement(const_cast<void*>(product.description.bias), product.d_layout.type, i, sum);
  }
}

void Finish(const Product& product, const std::vector<float>& sums) {
  const Layout& c = product.c.layout;
  const Layout& d = product.d_layout;
  const cublasLtEpilogue_t epilogue = product.description.epilogue;
  const bool biased = (epilogue & CUBLASLT_EPILOGUE_BIAS) != 0;
  for (size_t column = 0; column < d.columns; ++column) {
    for (size_t row = 0; row < d.rows; ++row) {
      float value = product.alpha * sums[column * d.rows + row];
      if (product.beta != 0.0F) {
        value += product.beta * ElementAt(product.c.elements, c.type, IndexOf(c, row, column));
      }
      if (biased) value += ElementAt(product.description.bias, d.type, row);
      StoreElement(product.d, d.type, IndexOf(d, row, column), Activated(epilogue, value));
    }
  }
}

// OpenBLAS without threads hands out its work buffers without a lock of its own; ranks are threads.
std::mutex& OneAtATime() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

void Multiply(const Product& product) {
  if (product.workspace_bytes > 0) std::memset(product.workspace, 0xff, product.workspace_bytes);
  const ProductDescription& description = product.description;
  const Operand& a = product.a;
  const Operand& b = product.b;
  const bool tf32 = description.compute == CUBLAS_COMPUTE_32F_FAST_TF32;
  const Floats a_floats(a.elements, a.layout.type, Extent(a.layout), tf32);
  const Floats b_floats(b.elements, b.layout.type, Extent(b.layout), tf32);
  const bool turned_a = description.transpose_a != CUBLAS_OP_N;
  const bool turned_b = description.transpose_b != CUBLAS_OP_N;
  const auto rows = static_cast<int>(product.d_layout.rows);
  const auto columns = static_cast<int>(product.d_layout.columns);
  const auto depth = static_cast<int>(turned_a ? a.layout.rows : a.layout.columns);
  std::vector<float> sums(product.d_layout.rows * product.d_layout.columns);
  std::unique_lock lock(OneAtATime());
  cblas_sgemm(CblasColMajor, TransposeOf(description.transpose_a, a.layout),
              TransposeOf(description.transpose_b, b.layout), rows, columns, depth, 1.0F,
              a_floats.data(), static_cast<int>(a.layout.leading), b_floats.data(),
              static_cast<int>(b.layout.leading), 0.0F, sums.data(), rows);
  lock.unlock();
  Finish(product, sums);
  if (description.epilogue == CUBLASLT_EPILOGUE_BGRADA) {
    SumDepth(product, a_floats.data(), a, turned_a);
  }
  if (description.epilogue == CUBLASLT_EPILOGUE_BGRADB) {
    SumDepth(product, b_floats.data(), b, !turned_b);
  }
}

}  // namespace seve::emulator
