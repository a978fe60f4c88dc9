#include "layers/cpu/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "layers/cpu/blas_check.h"
#include "layers/layer_testing.h"

namespace seve {
namespace {

using testing::Uniform;

struct Extents {
  int64_t m, n, k;
};

class GemmTest
    : public ::testing::TestWithParam<std::tuple<Extents, bool, bool, bool, GemmEngine>> {};

TEST_P(GemmTest, AgreesWithFloat64) {
  const auto [extents, transpose_a, transpose_b, accumulate, engine] = GetParam();
  const auto [m, n, k] = extents;
  const auto a = Uniform(m * k, 1);
  const auto b = Uniform(k * n, 2);
  auto c = Uniform(m * n, 3);
  const auto before = c;
  MakeGemm({m, n, k, transpose_a, transpose_b, accumulate}, engine)
      ->Run(a.data(), b.data(), c.data());
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double expected = accumulate ? before[static_cast<size_t>(i * n + j)] : 0;
      double magnitude = std::abs(expected);
      for (int64_t l = 0; l < k; ++l) {
        const double term = double{a[static_cast<size_t>(transpose_a ? l * m + i : i * k + l)]} *
                            double{b[static_cast<size_t>(transpose_b ? j * k + l : l * n + j)]};
        expected += term;
        magnitude += std::abs(term);
      }
      // Rounding of k additions grows like sqrt(k); 8 leaves room for the unluckiest element.
      const double tolerance = 8 * std::sqrt(static_cast<double>(k + 1)) * 0x1p-24 * magnitude;
      EXPECT_NEAR(c[static_cast<size_t>(i * n + j)], expected, tolerance) << i << ", " << j;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, GemmTest,
    ::testing::Combine(::testing::Values(Extents{1, 1, 1}, Extents{1, 10, 784},
                                         Extents{64, 10, 784}, Extents{10, 784, 64},
                                         Extents{64, 200, 784}, Extents{7, 3, 5},
                                         Extents{33, 17, 129}, Extents{3, 65, 1}),
                       ::testing::Bool(), ::testing::Bool(), ::testing::Bool(),
                       ::testing::Values(GemmEngine::kOneDnn, GemmEngine::kOpenBlas)));

TEST(Gemm, WithoutInnerExtentIsZeroOrUntouched) {
  std::vector<float> c = {1, 2, 3, 4};
  MakeGemm({.m = 2, .n = 2, .k = 0, .accumulate = true})->Run(nullptr, nullptr, c.data());
  EXPECT_EQ(c, (std::vector<float>{1, 2, 3, 4}));
  MakeGemm({.m = 2, .n = 2, .k = 0})->Run(nullptr, nullptr, c.data());
  EXPECT_EQ(c, (std::vector<float>{0, 0, 0, 0}));
}

TEST(Gemm, GivesTheSameBitsEveryTime) {
  const auto a = Uniform(64 * 784, 1);
  const auto b = Uniform(784 * 10, 2);
  std::vector<float> first(640), second(640);
  MakeGemm({64, 10, 784})->Run(a.data(), b.data(), first.data());
  MakeGemm({64, 10, 784})->Run(a.data(), b.data(), second.data());
  EXPECT_EQ(first, second);
}

TEST(Gemm, WideProductsGoToOneDnn) { EXPECT_EQ(ChooseEngine({64, 200, 784}), GemmEngine::kOneDnn); }

TEST(CheckBlas, AcceptsWhatThisBuildLinks) { EXPECT_NO_THROW(CheckBlas()); }

}  // namespace
}  // namespace seve
