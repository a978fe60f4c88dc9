#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "layers/cuda/gemm.h"
#include "layers/layers_cuda_testing.h"

namespace seve::testing {
namespace {

// Of sums, relative to the sum of the terms' magnitudes: factors are exact but in TF32.
double ToleranceOf(Precision precision, int64_t terms) {
  const double additions = 8 * std::sqrt(static_cast<double>(terms + 1)) * 0x1p-24;
  return precision == Precision::kTf32 ? 0x1p-9 : additions;
}

// Half a unit in the last place of what the type holds.
double RoundingOf(DType type) {
  switch (type) {
    case DType::kBfloat16:
      return 0x1p-8;
    case DType::kFloat16:
      return 0x1p-11;
    default:
      return 0x1p-24;
  }
}

struct Extents {
  int64_t m, n, k;
};

// A product of fixed random numbers.
struct Product {
  Product(const CudaGemmSpec& spec, bool with_bias)
      : spec(spec),
        type(ActivationType(spec.precision)),
        a(Rounded(spec.m * spec.k, 1, type)),
        b(Rounded(spec.k * spec.n, 2, type)),
        before(Rounded(spec.m * spec.n, 3, spec.output)),
        bias(with_bias ? Rounded(spec.n, 4, spec.output)
                       : Values(static_cast<size_t>(spec.n), 0.0f)),
        with_bias(with_bias) {}

  static Values Rounded(int64_t count, uint32_t stream, DType type) {
    Values values = Uniform(count, stream);
    Round(values, type);
    return values;
  }

  [[nodiscard]] Values Run(const CudaDevice& device, bool add) const {
    const CudaMemory a_memory(a, {spec.m, spec.k}, type, device);
    const CudaMemory b_memory(b, {spec.k, spec.n}, type, device);
    const CudaMemory d_memory(before, {spec.m, spec.n}, spec.output, device);
    const CudaMemory bias_memory(bias, {spec.n}, spec.output, device);
    CudaGemmSpec bound = spec;
    if (with_bias) bound.bias = bias_memory.tensor().memory();
    const CudaGemm product(bound, device);
    product.Run(a_memory.tensor().memory(), b_memory.tensor().memory(), d_memory.tensor().memory(),
                add);
    device.Synchronize();
    return d_memory.Read();
  }

  void ExpectRight(const Values& actual, bool add) const {
    const double tolerance = ToleranceOf(spec.precision, spec.k);
    for (int64_t i = 0; i < spec.m; ++i) {
      for (int64_t j = 0; j < spec.n; ++j) {
        const auto at = static_cast<size_t>(i * spec.n + j);
        double expected = double{bias[static_cast<size_t>(j)]} + (add ? double{before[at]} : 0);
        double magnitude = std::abs(expected);
        for (int64_t l = 0; l < spec.k; ++l) {
          const double term = A(i, l) * B(l, j);
          expected += term;
          magnitude += std::abs(term);
        }
        EXPECT_NEAR(actual[at], expected,
                    tolerance * magnitude + RoundingOf(spec.output) * std::abs(expected))
            << i << ", " << j;
      }
    }
  }

  [[nodiscard]] double A(int64_t i, int64_t l) const {
    return a[static_cast<size_t>(spec.transpose_a ? l * spec.m + i : i * spec.k + l)];
  }
  [[nodiscard]] double B(int64_t l, int64_t j) const {
    return b[static_cast<size_t>(spec.transpose_b ? j * spec.k + l : l * spec.n + j)];
  }

  CudaGemmSpec spec;
  DType type;
  Values a, b, before, bias;
  bool with_bias;
};

CudaGemmSpec Spec(const Extents& extents, Precision precision, DType output) {
  CudaGemmSpec spec;
  spec.m = extents.m;
  spec.n = extents.n;
  spec.k = extents.k;
  spec.precision = precision;
  spec.output = output;
  return spec;
}

class CudaGemmTest : public CudaTest, public ::testing::WithParamInterface<Extents> {};

TEST_P(CudaGemmTest, AgreesWithFloat64) {
  for (const Precision precision : kPrecisions) {
    for (const DType output : {ActivationType(precision), DType::kFloat32}) {
      for (const int transposed : {0, 1, 2, 3}) {
        CudaGemmSpec spec = Spec(GetParam(), precision, output);
        spec.transpose_a = (transposed & 1) != 0;
        spec.transpose_b = (transposed & 2) != 0;
        const Product product(spec, false);
        for (const bool add : {false, true}) {
          SCOPED_TRACE(std::string(NameOf(precision)) + " to " + NameOf(output));
          product.ExpectRight(product.Run(device(), add), add);
        }
      }
    }
  }
}

TEST_P(CudaGemmTest, AddsABiasToEveryRow) {
  for (const Precision precision : kPrecisions) {
    CudaGemmSpec spec = Spec(GetParam(), precision, ActivationType(precision));
    spec.transpose_b = true;
    const Product product(spec, true);
    SCOPED_TRACE(NameOf(precision));
    product.ExpectRight(product.Run(device(), false), false);
  }
}

TEST_P(CudaGemmTest, GivesTheSameBitsEveryTime) {
  for (const Precision precision : kPrecisions) {
    const Product product(Spec(GetParam(), precision, DType::kFloat32), false);
    EXPECT_EQ(product.Run(device(), false), product.Run(device(), false));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, CudaGemmTest,
                         ::testing::Values(Extents{1, 1, 1}, Extents{1, 10, 784},
                                           Extents{64, 10, 784}, Extents{10, 784, 64},
                                           Extents{7, 3, 5}, Extents{33, 17, 129},
                                           Extents{3, 65, 1}),
                         [](const auto& info) {
                           return std::to_string(info.param.m) + "x" +
                                  std::to_string(info.param.n) + "x" + std::to_string(info.param.k);
                         });

using CudaProductTest = CudaTest;

TEST_F(CudaProductTest, WithoutInnerExtentIsZeroOrUntouched) {
  const Product product(Spec({2, 2, 0}, Precision::kBf16, DType::kFloat32), false);
  EXPECT_EQ(product.Run(device(), true), product.before);
  EXPECT_EQ(product.Run(device(), false), (Values{0, 0, 0, 0}));
}

TEST_F(CudaProductTest, WithoutRowsDoesNothing) {
  const Product product(Spec({0, 2, 3}, Precision::kFp32, DType::kFloat32), true);
  EXPECT_TRUE(product.Run(device(), false).empty());
}

// The memory that a product overwrites may hold anything.
TEST_F(CudaProductTest, OverwritesNaN) {
  for (const Precision precision : kPrecisions) {
    Product product(Spec({7, 3, 5}, precision, DType::kFloat32), false);
    std::ranges::fill(product.before, std::nanf(""));
    product.ExpectRight(product.Run(device(), false), false);
  }
}

}  // namespace
}  // namespace seve::testing
