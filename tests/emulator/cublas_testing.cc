#include "emulator/cublas_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "emulator/cublas_elements.h"

namespace seve::testing {
namespace {

using emulator::ElementAt;
using emulator::SizeOf;
using emulator::StoreElement;

constexpr std::byte kUntouched{0xff};  // NaNs
constexpr size_t kSpareBytes = 16;     // for pointers that are moved

// A matrix in memory: op(M) is rows by columns.
struct Stored {
  size_t rows, columns;
  bool turned;
  cublasLtOrder_t order;
  size_t padding;
  cudaDataType_t type;

  [[nodiscard]] size_t stored_rows() const { return turned ? columns : rows; }
  [[nodiscard]] size_t stored_columns() const { return turned ? rows : columns; }
  [[nodiscard]] bool by_column() const { return order == CUBLASLT_ORDER_COL; }
  [[nodiscard]] size_t leading() const {
    return (by_column() ? stored_rows() : stored_columns()) + padding;
  }
  [[nodiscard]] size_t bytes() const {
    return leading() * (by_column() ? stored_columns() : stored_rows()) * SizeOf(type);
  }
  [[nodiscard]] size_t IndexOf(size_t row, size_t column) const {
    if (turned) std::swap(row, column);
    return by_column() ? column * leading() + row : row * leading() + column;
  }
};

Stored StoredA(const ProductCase& c) {
  return {c.rows, c.depth, c.turn_a, c.order_a, c.padding, c.type};
}
Stored StoredB(const ProductCase& c) {
  return {c.depth, c.columns, c.turn_b, c.order_b, c.padding, c.type};
}
Stored StoredD(const ProductCase& c) {
  return {c.rows, c.columns, false, c.order_d, c.padding, c.type_d};
}

float Rounded(float value, cudaDataType_t type) {
  float room = 0.0F;
  StoreElement(&room, type, 0, value);
  return ElementAt(&room, type, 0);
}

std::vector<float> Random(size_t count, unsigned seed, cudaDataType_t type) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
  std::vector<float> values(count);
  for (float& value : values) value = Rounded(uniform(random), type);
  return values;
}

void Store(const std::vector<float>& values, const Stored& stored, void* memory) {
  for (size_t column = 0; column < stored.columns; ++column) {
    for (size_t row = 0; row < stored.rows; ++row) {
      StoreElement(memory, stored.type, stored.IndexOf(row, column),
                   values[column * stored.rows + row]);
    }
  }
}

std::vector<float> Load(const void* memory, const Stored& stored) {
  std::vector<float> values;
  for (size_t column = 0; column < stored.columns; ++column) {
    for (size_t row = 0; row < stored.rows; ++row) {
      values.push_back(ElementAt(memory, stored.type, stored.IndexOf(row, column)));
    }
  }
  return values;
}

Stored StoredBias(const ProductCase& c) {
  return {c.epilogue == CUBLASLT_EPILOGUE_BGRADB ? c.columns : c.rows,
          1,
          false,
          CUBLASLT_ORDER_COL,
          0,
          c.type_d};
}

void Expect(cublasStatus_t status) { EXPECT_EQ(status, CUBLAS_STATUS_SUCCESS); }

cublasLtMatrixLayout_t MakeLayout(const Stored& stored) {
  cublasLtMatrixLayout_t layout = nullptr;
  Expect(cublasLtMatrixLayoutCreate(&layout, stored.type, stored.stored_rows(),
                                    stored.stored_columns(),
                                    static_cast<int64_t>(stored.leading())));
  Expect(cublasLtMatrixLayoutSetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_ORDER, &stored.order,
                                          sizeof(stored.order)));
  return layout;
}

double Activated(cublasLtEpilogue_t epilogue, double x) {
  if ((epilogue & CUBLASLT_EPILOGUE_RELU) != 0) return std::max(x, 0.0);
  if ((epilogue & CUBLASLT_EPILOGUE_GELU) == 0) return x;
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}

}  // namespace

ProductSetting::ProductSetting(const ProductCase& c)
    : case_(c),
      a_(Random(c.rows * c.depth, 1, c.type)),
      b_(Random(c.depth * c.columns, 2, c.type)),
      d_(Random(c.rows * c.columns, 3, c.type_d)),
      bias_(Random(std::max(c.rows, c.columns), 4, c.type_d)),
      a_memory_(StoredA(c).bytes() + kSpareBytes, kUntouched),
      b_memory_(StoredB(c).bytes(), kUntouched),
      d_memory_(StoredD(c).bytes(), kUntouched),
      bias_memory_(StoredBias(c).bytes() + kSpareBytes, kUntouched),
      workspace_(c.workspace, kUntouched) {
  Store(a_, StoredA(c), a_memory_.data());
  Store(b_, StoredB(c), b_memory_.data());
  Store(d_, StoredD(c), d_memory_.data());
  Store(bias_, StoredBias(c), bias_memory_.data());
  Expect(cublasLtCreate(&handle));
  Expect(cublasLtMatmulDescCreate(&description, c.compute, CUDA_R_32F));
  const auto set = [this](cublasLtMatmulDescAttributes_t attribute, const auto& value) {
    Expect(cublasLtMatmulDescSetAttribute(description, attribute, &value, sizeof(value)));
  };
  set(CUBLASLT_MATMUL_DESC_TRANSA, c.turn_a ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(CUBLASLT_MATMUL_DESC_TRANSB, c.turn_b ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(CUBLASLT_MATMUL_DESC_EPILOGUE, c.epilogue);
  a_layout = MakeLayout(StoredA(c));
  b_layout = MakeLayout(StoredB(c));
  d_layout = MakeLayout(StoredD(c));
  Expect(cublasLtMatmulPreferenceCreate(&preference));
  const uint64_t workspace = c.workspace;
  Expect(cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                              &workspace, sizeof(workspace)));
}

ProductSetting::~ProductSetting() {
  Expect(cublasLtMatmulPreferenceDestroy(preference));
  Expect(cublasLtMatrixLayoutDestroy(d_layout));
  Expect(cublasLtMatrixLayoutDestroy(b_layout));
  Expect(cublasLtMatrixLayoutDestroy(a_layout));
  Expect(cublasLtMatmulDescDestroy(description));
  Expect(cublasLtDestroy(handle));
}

ProductResult ProductSetting::Run(size_t offset_a, size_t offset_bias) {
  const std::byte* bias = bias_memory_.data() + offset_bias;
  Expect(cublasLtMatmulDescSetAttribute(description, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &bias,
                                        sizeof(bias)));
  ProductResult result;
  cublasLtMatmulHeuristicResult_t found = {};
  int count = 0;
  result.heuristic = cublasLtMatmulAlgoGetHeuristic(
      handle, description, a_layout, b_layout, d_layout, d_layout, preference, 1, &found, &count);
  EXPECT_EQ(count, result.heuristic == CUBLAS_STATUS_SUCCESS ? 1 : 0);
  result.workspace = found.workspaceSize;
  const emulator::TestStream stream;
  float alpha = case_.alpha, beta = case_.beta;
  result.status = cublasLtMatmul(handle, description, &alpha, a_memory_.data() + offset_a, a_layout,
                                 b_memory_.data(), b_layout, &beta, d_memory_.data(), d_layout,
                                 d_memory_.data(), d_layout, count == 1 ? &found.algo : nullptr,
                                 case_.workspace > 0 ? workspace_.data() : nullptr, case_.workspace,
                                 stream.get());
  alpha = beta = NAN;  // they were read
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  result.d = Load(d_memory_.data(), StoredD(case_));
  result.bias = Load(bias_memory_.data(), StoredBias(case_));
  return result;
}

ProductResult ProductSetting::Expected() const {
  const ProductCase& c = case_;
  const bool tf32 = c.compute == CUBLAS_COMPUTE_32F_FAST_TF32;
  const auto input = [tf32](float value) {
    return static_cast<double>(tf32 ? emulator::RoundToTf32(value) : value);
  };
  ProductResult result;
  std::vector<double> sums(StoredBias(c).rows);
  for (size_t column = 0; column < c.columns; ++column) {
    for (size_t row = 0; row < c.rows; ++row) {
      double sum = 0;
      for (size_t k = 0; k < c.depth; ++k) {
        const double a = input(a_[k * c.rows + row]);
        const double b = input(b_[column * c.depth + k]);
        sum += a * b;
        if (c.epilogue == CUBLASLT_EPILOGUE_BGRADA && column == 0) sums[row] += a;
        if (c.epilogue == CUBLASLT_EPILOGUE_BGRADB && row == 0) sums[column] += b;
      }
      const double bias = (c.epilogue & CUBLASLT_EPILOGUE_BIAS) != 0 ? bias_[row] : 0.0F;
      sum = c.alpha * sum + c.beta * d_[column * c.rows + row] + bias;
      result.d.push_back(static_cast<float>(Activated(c.epilogue, sum)));
    }
  }
  const bool summed = c.epilogue >= CUBLASLT_EPILOGUE_BGRADA;
  for (size_t i = 0; i < sums.size(); ++i) {
    result.bias.push_back(summed ? static_cast<float>(sums[i]) : bias_[i]);
  }
  return result;
}

}  // namespace seve::testing
