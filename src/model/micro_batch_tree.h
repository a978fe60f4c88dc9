// One binary tree over the micro-batches of a step, in whose shape `reproducible` adds gradients.
//
// With a power of two of micro-batches in all, those of one rank, 2^n consecutive ones, are a whole
// subtree, and the sum over ranks is the rest (comm/communicator.h). So the bits of the sum do not
// depend on where the ranks cut the tree. Within a rank it is walked as a binary counter counts:
// micro-batch i is computed while popcount(i) finished subtrees wait for their right halves.
#pragma once

#include <bit>
#include <cstdint>

namespace seve {

// Gradient arenas that a rank needs for `count` micro-batches, a power of two: log2(count) + 1.
constexpr int ArenasFor(int64_t count) { return std::bit_width(static_cast<uint64_t>(count)); }

// The arena micro-batch i is computed in, counted from 0: behind those of the waiting subtrees.
constexpr int ArenaOf(int64_t i) { return std::popcount(static_cast<uint64_t>(i)); }

// How many subtrees are complete with micro-batch i: so many times the last arena in use is added
// to the one before it.
constexpr int PairsCompletedBy(int64_t i) { return std::countr_one(static_cast<uint64_t>(i)); }

}  // namespace seve
