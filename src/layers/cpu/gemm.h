// Matrix products compiled once for their shape and run on pointers: what linear layers are made
// of.
#pragma once

#include <cstdint>
#include <memory>

namespace seve {

// C(m, n) = op(A) op(B), or C += op(A) op(B). All matrices are row-major and contiguous.
struct GemmSpec {
  int64_t m = 0;
  int64_t n = 0;
  int64_t k = 0;
  bool transpose_a = false;  // A is stored (k, m) instead of (m, k)
  bool transpose_b = false;  // B is stored (n, k) instead of (k, n)
  bool accumulate = false;
};

// One engine runs one product at a time; different Gemms may run on different threads.
class Gemm {
 public:
  virtual ~Gemm() = default;
  virtual void Run(const float* a, const float* b, float* c) = 0;
};

enum class GemmEngine { kOneDnn, kOpenBlas };

// The engine that is faster for this shape, from the shape and the processor alone, never by
// timing: the same product has the same bits in every run on one kind of processor.
GemmEngine ChooseEngine(const GemmSpec& spec);

// Extents may be 0: nothing to do, or C = 0 where only k is.
std::unique_ptr<Gemm> MakeGemm(const GemmSpec& spec);

// The same with the engine given (tests, benchmarks).
std::unique_ptr<Gemm> MakeGemm(const GemmSpec& spec, GemmEngine engine);

// Threads that products on the calling thread may use; 1 for one rank a core.
void UseComputeThreads(int threads);

}  // namespace seve
