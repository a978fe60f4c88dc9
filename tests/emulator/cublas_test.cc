#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "emulator/cublas_elements.h"
#include "emulator/cublas_testing.h"

namespace seve::testing {
namespace {

using ::testing::FloatNear;
using ::testing::Pointwise;

// Elements are at most 1; the sums of products round once to the type.
void IsRight(const ProductCase& c) {
  ProductSetting setting(c);
  const ProductResult expected = setting.Expected();
  const ProductResult result = setting.Run();
  ASSERT_EQ(result.heuristic, CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(result.status, CUBLAS_STATUS_SUCCESS);
  const auto depth = static_cast<float>(c.depth);
  const float unit = c.type_d == CUDA_R_32F ? 1e-7F : c.type_d == CUDA_R_16F ? 5e-4F : 4e-3F;
  const float tolerance = 1e-6F + std::sqrt(depth) * 2e-6F + unit * (3 + std::sqrt(depth));
  EXPECT_THAT(result.d, Pointwise(FloatNear(tolerance), expected.d));
  EXPECT_THAT(result.bias, Pointwise(FloatNear(tolerance), expected.bias));
}

TEST(CublasTest, ProductsAreRightInAllShapesTransposesAndOrders) {
  constexpr size_t kShapes[][3] = {{1, 1, 1}, {5, 7, 9}, {64, 32, 100}, {1, 33, 17}, {40, 1, 300}};
  for (const auto& [rows, columns, depth] : kShapes) {
    for (int bits = 0; bits < 64; ++bits) {
      SCOPED_TRACE(::testing::Message() << rows << "x" << columns << "x" << depth << " " << bits);
      const auto order = [bits](int bit) {
        return (bits >> bit & 1) != 0 ? CUBLASLT_ORDER_ROW : CUBLASLT_ORDER_COL;
      };
      ProductCase c;
      c.rows = rows;
      c.columns = columns;
      c.depth = depth;
      c.turn_a = (bits & 1) != 0;
      c.turn_b = (bits & 2) != 0;
      c.order_a = order(2);
      c.order_b = order(3);
      c.order_d = order(4);
      c.padding = (bits & 32) != 0 ? 3 : 0;
      IsRight(c);
    }
  }
}

TEST(CublasTest, ProductsAreRightInAllTypes) {
  using Types = std::pair<cudaDataType_t, cudaDataType_t>;
  for (const auto& [type, type_d] :
       {Types{CUDA_R_16BF, CUDA_R_16BF}, Types{CUDA_R_16BF, CUDA_R_32F},
        Types{CUDA_R_16F, CUDA_R_16F}, Types{CUDA_R_16F, CUDA_R_32F}}) {
    for (const bool turned : {false, true}) {
      SCOPED_TRACE(::testing::Message() << type << " " << type_d);
      ProductCase c;
      c.type = type;
      c.type_d = type_d;
      c.turn_a = turned;
      c.beta = 0.5F;
      IsRight(c);
    }
  }
}

TEST(CublasTest, TensorFloatRoundsInputsToTenBitsOfFraction) {
  ProductCase c;
  c.compute = CUBLAS_COMPUTE_32F_FAST_TF32;
  IsRight(c);
  EXPECT_EQ(emulator::RoundToTf32(1.0F + 0x1p-10F), 1.0F + 0x1p-10F);
  EXPECT_EQ(emulator::RoundToTf32(1.0F + 0x1p-11F), 1.0F);
  EXPECT_EQ(emulator::RoundToTf32(1.0F + 0x3p-11F), 1.0F + 0x1p-9F);
  EXPECT_EQ(emulator::RoundToTf32(-1.0F - 0x1.8p-11F), -1.0F - 0x1p-10F);
  EXPECT_EQ(emulator::RoundToTf32(HUGE_VALF), HUGE_VALF);
  EXPECT_TRUE(std::isnan(emulator::RoundToTf32(NAN)));
}

TEST(CublasTest, AlphaAndBetaScale) {
  ProductCase c;
  c.alpha = -2.0F;
  c.beta = 0.75F;
  IsRight(c);
  c.order_d = CUBLASLT_ORDER_ROW;
  IsRight(c);
}

TEST(CublasTest, EpiloguesFollowTheProduct) {
  for (const auto epilogue :
       {CUBLASLT_EPILOGUE_BIAS, CUBLASLT_EPILOGUE_RELU, CUBLASLT_EPILOGUE_RELU_BIAS,
        CUBLASLT_EPILOGUE_GELU, CUBLASLT_EPILOGUE_GELU_BIAS, CUBLASLT_EPILOGUE_BGRADA,
        CUBLASLT_EPILOGUE_BGRADB}) {
    for (const auto type : {CUDA_R_32F, CUDA_R_16BF, CUDA_R_16F}) {
      for (int bits = 0; bits < 16; ++bits) {
        SCOPED_TRACE(::testing::Message() << epilogue << " " << type << " " << bits);
        ProductCase c;
        c.type = c.type_d = type;
        c.epilogue = epilogue;
        c.turn_a = (bits & 1) != 0;
        c.turn_b = (bits & 2) != 0;
        c.order_a = (bits & 4) != 0 ? CUBLASLT_ORDER_ROW : CUBLASLT_ORDER_COL;
        c.order_b = (bits & 8) != 0 ? CUBLASLT_ORDER_ROW : CUBLASLT_ORDER_COL;
        IsRight(c);
      }
    }
  }
}

TEST(CublasTest, EqualProductsHaveEqualBits) {
  ProductCase c;
  c.rows = 70;
  c.columns = 45;
  c.depth = 513;
  const ProductResult first = ProductSetting(c).Run();
  c.workspace = 1 << 20;
  const ProductResult second = ProductSetting(c).Run();
  EXPECT_EQ(first.workspace, 0);
  EXPECT_GT(second.workspace, 0);
  EXPECT_EQ(std::memcmp(first.d.data(), second.d.data(), first.d.size() * sizeof(float)), 0);
}

TEST(CublasTest, HeuristicKeepsWithinTheWorkspace) {
  ProductCase c;
  for (const size_t room : {0, 64, 140, 4096}) {
    c.workspace = room;
    const ProductResult result = ProductSetting(c).Run();
    EXPECT_EQ(result.status, CUBLAS_STATUS_SUCCESS);
    EXPECT_LE(result.workspace, room);
  }
}

TEST(CublasTest, BiasInRowOrderIsRefused) {
  ProductCase c;
  c.epilogue = CUBLASLT_EPILOGUE_BIAS;
  c.order_d = CUBLASLT_ORDER_ROW;
  const ProductResult result = ProductSetting(c).Run();
  EXPECT_EQ(result.heuristic, CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(result.status, CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST(CublasTest, PointersAwayFromSixteenBytesAreRefused) {
  ProductCase c;
  c.epilogue = CUBLASLT_EPILOGUE_BIAS;
  EXPECT_EQ(ProductSetting(c).Run(8).status, CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(ProductSetting(c).Run(0, 4).status, CUBLAS_STATUS_INVALID_VALUE);
}

TEST(CublasTest, ShapesThatDoNotFitAreRefused) {
  const auto status_with = [](cublasLtMatrixLayoutAttribute_t attribute, auto value, bool of_a) {
    ProductSetting setting({});
    EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(of_a ? setting.a_layout : setting.d_layout,
                                               attribute, &value, sizeof(value)),
              CUBLAS_STATUS_SUCCESS);
    return setting.Run().status;
  };
  for (const bool of_a : {true, false}) {
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_ROWS, uint64_t{4}, of_a),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_COLS, uint64_t{4}, of_a),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_ROWS, uint64_t{0}, of_a),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_LD, int64_t{4}, of_a),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_TYPE, CUDA_R_64F, of_a),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(status_with(CUBLASLT_MATRIX_LAYOUT_TYPE, CUDA_R_16F, of_a),
              CUBLAS_STATUS_NOT_SUPPORTED);
  }
}

TEST(CublasTest, MissingArgumentsAreRefused) {
  const ProductSetting setting({});
  const emulator::TestMemory<float> memory(1024, 0.0F);
  const float one = 1.0F;
  float* d = memory.data() + 512;
  const auto multiply = [&](cublasLtHandle_t handle, const float* alpha, const float* a, float* to,
                            size_t workspace) {
    return cublasLtMatmul(handle, setting.description, alpha, a, setting.a_layout, memory.data(),
                          setting.b_layout, &one, to, setting.d_layout, to, setting.d_layout,
                          nullptr, nullptr, workspace, nullptr);
  };
  EXPECT_EQ(multiply(nullptr, &one, memory.data(), d, 0), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(multiply(setting.handle, nullptr, memory.data(), d, 0), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply(setting.handle, &one, nullptr, d, 0), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply(setting.handle, &one, memory.data(), nullptr, 0), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply(setting.handle, &one, memory.data(), memory.data(), 0),
            CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply(setting.handle, &one, memory.data(), d, 64), CUBLAS_STATUS_INVALID_VALUE);
}

TEST(CublasTest, OperandsMustLieInTheMemoryOfADevice) {
  const ProductSetting setting({});
  emulator::TestMemory<float> memory(256, 0.0F);
  alignas(16) float host[64] = {};
  const float one = 1.0F;
  const auto multiply = [&](const float* a, float* d) {
    return cublasLtMatmul(setting.handle, setting.description, &one, a, setting.a_layout,
                          memory.data() + 64, setting.b_layout, &one, d, setting.d_layout, d,
                          setting.d_layout, nullptr, nullptr, 0, nullptr);
  };
  EXPECT_EQ(multiply(host, memory.data() + 128), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(multiply(memory.data(), host), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(multiply(memory.data(), memory.data() + 224), CUBLAS_STATUS_EXECUTION_FAILED);
}

// y = x W twice, where the second launch finds other inputs and alpha is that of the capture.
TEST(CublasTest, CapturedProductsRunAtEveryLaunch) {
  constexpr int kSize = 4;
  const emulator::TestMemory<float> a(kSize * kSize, 1.0F), b(kSize * kSize, 2.0F);
  const emulator::TestMemory<float> d(kSize * kSize, 0.0F);
  ProductCase c;
  c.rows = c.columns = c.depth = kSize;
  const ProductSetting setting(c);
  const emulator::TestStream stream;
  float alpha = 0.5F;
  const float beta = 1.0F;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t launchable = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal), cudaSuccess);
  EXPECT_EQ(cublasLtMatmul(setting.handle, setting.description, &alpha, a.data(), setting.a_layout,
                           b.data(), setting.b_layout, &beta, d.data(), setting.d_layout, d.data(),
                           setting.d_layout, nullptr, nullptr, 0, stream.get()),
            CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cudaStreamEndCapture(stream.get(), &graph), cudaSuccess);
  ASSERT_EQ(cudaGraphInstantiate(&launchable, graph, 0), cudaSuccess);
  alpha = 7.0F;
  EXPECT_EQ(d.Values(), std::vector<float>(kSize * kSize, 0.0F));
  for (const float expected : {4.0F, 12.0F}) {
    ASSERT_EQ(cudaGraphLaunch(launchable, stream.get()), cudaSuccess);
    ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
    EXPECT_EQ(d.Values(), std::vector<float>(kSize * kSize, expected));
    std::fill(a.data(), a.data() + a.size(), 2.0F);
  }
  cudaGraphExecDestroy(launchable);
  cudaGraphDestroy(graph);
}

TEST(CublasTest, AttributesOfAnotherSizeAreRefused) {
  const ProductSetting setting({});
  const int64_t value = 0;
  EXPECT_EQ(cublasLtMatmulDescSetAttribute(setting.description, CUBLASLT_MATMUL_DESC_TRANSA, &value,
                                           sizeof(value)),
            CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(setting.a_layout, CUBLASLT_MATRIX_LAYOUT_ORDER,
                                             nullptr, sizeof(int32_t)),
            CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_STREQ(cublasLtGetStatusString(CUBLAS_STATUS_INVALID_VALUE),
               "an unsupported value or parameter was passed to the function");
  EXPECT_EQ(cublasLtGetVersion(), CUBLAS_VERSION);
}

TEST(CublasTest, DescriptorsMayLieInTheUsersMemory) {
  cublasLtMatrixLayoutOpaque_t layout;
  cublasLtMatmulDescOpaque_t description;
  cublasLtMatmulPreferenceOpaque_t preference;
  EXPECT_EQ(cublasLtMatrixLayoutInit(&layout, CUDA_R_32F, 2, 3, 2), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtMatmulDescInit(&description, CUBLAS_COMPUTE_32F, CUDA_R_32F),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtMatmulPreferenceInit(&preference), CUBLAS_STATUS_SUCCESS);
}

}  // namespace
}  // namespace seve::testing
