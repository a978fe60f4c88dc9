#include "comm/tree_sum.h"

#include <algorithm>
#include <array>
#include <bit>

namespace seve {
namespace {

// Partial sums of more than four inputs stay in the first-level cache.
constexpr size_t kBlock = 1024;

// In the loops below an element of `out` depends on the same element of the inputs alone, which is
// what ivdep promises even where `out` is one of them.
void Add(const float* a, const float* b, size_t count, float* out) {
#pragma GCC ivdep
  for (size_t i = 0; i < count; ++i) out[i] = a[i] + b[i];
}

void Add(const float* a, const float* b, const float* c, size_t count, float* out) {
#pragma GCC ivdep
  for (size_t i = 0; i < count; ++i) out[i] = (a[i] + b[i]) + c[i];
}

void Add(const float* a, const float* b, const float* c, const float* d, size_t count, float* out) {
#pragma GCC ivdep
  for (size_t i = 0; i < count; ++i) out[i] = (a[i] + b[i]) + (c[i] + d[i]);
}

void SumBlock(std::span<const float* const> inputs, size_t offset, size_t count, float* out);

void SumHalves(std::span<const float* const> inputs, size_t offset, size_t count, float* out) {
  const size_t half = std::bit_ceil(inputs.size()) / 2;
  alignas(64) std::array<float, kBlock> left, right;
  SumBlock(inputs.first(half), offset, count, left.data());
  SumBlock(inputs.subspan(half), offset, count, right.data());
  Add(left.data(), right.data(), count, out);
}

// The sum of elements [offset, offset + count) of the inputs, at out[0, count).
void SumBlock(std::span<const float* const> inputs, size_t offset, size_t count, float* out) {
  const auto in = [&](size_t k) { return inputs[k] + offset; };
  switch (inputs.size()) {
    case 0:
      std::fill_n(out, count, 0.0f);
      return;
    case 1:
      if (in(0) != out) std::copy_n(in(0), count, out);
      return;
    case 2:
      return Add(in(0), in(1), count, out);
    case 3:
      return Add(in(0), in(1), in(2), count, out);
    case 4:
      return Add(in(0), in(1), in(2), in(3), count, out);
    default:
      return SumHalves(inputs, offset, count, out);
  }
}

}  // namespace

void TreeSum(std::span<const float* const> inputs, size_t count, float* out) {
  const size_t block = inputs.size() <= 4 ? count : kBlock;
  for (size_t offset = 0; offset < count; offset += block) {
    SumBlock(inputs, offset, std::min(block, count - offset), out + offset);
  }
}

}  // namespace seve
