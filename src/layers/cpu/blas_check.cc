#include "layers/cpu/blas_check.h"

#include <cblas.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "layers/cpu/gemm.h"

namespace seve {
namespace {

// Odd extents, so that the kernels' edges run as well.
constexpr GemmSpec kProduct = {.m = 37, .n = 13, .k = 71, .transpose_b = true};

// Small integers: every partial sum is exact in float32, so the product must be too.
std::vector<float> Integers(int64_t count, int step) {
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(static_cast<int>(i * static_cast<size_t>(step)) % 17 - 8);
  }
  return values;
}

bool IsRight(GemmEngine engine) {
  const auto a = Integers(kProduct.m * kProduct.k, 5);
  const auto b = Integers(kProduct.n * kProduct.k, 7);
  std::vector<float> c(static_cast<size_t>(kProduct.m * kProduct.n), std::nanf(""));
  MakeGemm(kProduct, engine)->Run(a.data(), b.data(), c.data());
  for (int64_t i = 0; i < kProduct.m; ++i) {
    for (int64_t j = 0; j < kProduct.n; ++j) {
      double sum = 0;
      for (int64_t l = 0; l < kProduct.k; ++l) {
        sum += static_cast<double>(a[static_cast<size_t>(i * kProduct.k + l)]) *
               static_cast<double>(b[static_cast<size_t>(j * kProduct.k + l)]);
      }
      if (static_cast<double>(c[static_cast<size_t>(i * kProduct.n + j)]) != sum) return false;
    }
  }
  return true;
}

}  // namespace

void CheckBlas() {
  const std::string config = openblas_get_config();
  if (!config.starts_with("OpenBLAS")) {
    ThrowUsage(
        "the BLAS that was loaded calls itself '" + config +
        "', not OpenBLAS, and may be the slow reference: install libopenblas0-serial and check "
        "LD_LIBRARY_PATH and LD_PRELOAD");
  }
  if (!IsRight(GemmEngine::kOpenBlas)) {
    ThrowUsage("OpenBLAS (" + config + ", kernels for " + openblas_get_corename() +
               ") computes wrong products on this processor: unset OPENBLAS_CORETYPE or install "
               "another version");
  }
  if (!IsRight(GemmEngine::kOneDnn)) {
    ThrowUsage(
        "oneDNN computes wrong products on this processor: unset ONEDNN_MAX_CPU_ISA or install "
        "another version");
  }
}

}  // namespace seve
