// Sums of equally long arrays in the shape of one fixed binary tree, so that the bits of a sum do
// not depend on who computes it or in how many pieces.
#pragma once

#include <cstddef>
#include <span>

namespace seve {

// out[i] = sum over k of inputs[k][i] for i < count. The tree over p inputs joins the tree over the
// first q, q the largest power of two below p, with the tree over the rest: p = 4 gives
// (0+1)+(2+3), p = 7 gives ((0+1)+(2+3))+((4+5)+6). `out` may be one of the inputs, but may not
// overlap one otherwise.
void TreeSum(std::span<const float* const> inputs, size_t count, float* out);

}  // namespace seve
