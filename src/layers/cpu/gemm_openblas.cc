#include <cblas.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>

#include "layers/cpu/gemm_engines.h"

namespace seve {
namespace {

// OpenBLAS without threads hands out its work buffers without a lock of its own.
std::mutex& OneAtATime() {
  static std::mutex mutex;
  return mutex;
}

class OpenBlasGemm : public Gemm {
 public:
  explicit OpenBlasGemm(const GemmSpec& spec)
      : m_(static_cast<blasint>(spec.m)),
        n_(static_cast<blasint>(spec.n)),
        k_(static_cast<blasint>(spec.k)),
        transpose_a_(spec.transpose_a),
        transpose_b_(spec.transpose_b),
        beta_(spec.accumulate ? 1.0f : 0.0f) {}

  void Run(const float* a, const float* b, float* c) override {
    const std::scoped_lock lock(OneAtATime());
    cblas_sgemm(CblasRowMajor, transpose_a_ ? CblasTrans : CblasNoTrans,
                transpose_b_ ? CblasTrans : CblasNoTrans, m_, n_, k_, 1.0f, a,
                transpose_a_ ? m_ : k_, b, transpose_b_ ? k_ : n_, beta_, c, n_);
  }

 private:
  blasint m_;
  blasint n_;
  blasint k_;
  bool transpose_a_;
  bool transpose_b_;
  float beta_;
};

}  // namespace

std::unique_ptr<Gemm> MakeOpenBlasGemm(const GemmSpec& spec) {
  return std::make_unique<OpenBlasGemm>(spec);
}

bool OpenBlasUsesAvx512() {
  static constexpr std::array<std::string_view, 3> kCores = {"SkylakeX", "Cooperlake",
                                                             "SapphireRapids"};
  return std::ranges::find(kCores, std::string_view(openblas_get_corename())) != kCores.end();
}

}  // namespace seve
