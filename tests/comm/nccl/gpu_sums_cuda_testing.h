// What a GPU communicator promises, as functions that all its ranks run: shared by the tests over
// threads and the program that runs under mpirun. They record failures with EXPECT_*.
#pragma once

#include "comm/communicator.h"
#include "comm/gpu_communicator.h"

namespace seve::testing {

// Integer-valued floats, exact in any order.
void GpuSumsAreExact(Communicator& comm, GpuCommunicator& gpu, size_t floats);
// Random floats: bit for bit comm/tree_sum.h over the ranks' arrays, also of a range that starts
// anywhere in an arena. The number of ranks is a power of two.
void GpuTreeSumsHaveTheBitsOfTheCpu(Communicator& comm, GpuCommunicator& gpu, size_t floats);
// Whole numbers, exact in bfloat16 as well: sums travel in every type to their owners, everybody
// else's sums from there; and a tree's to their owners, where ranks are a power of two.
void GpuLegsMakeASum(Communicator& comm, GpuCommunicator& gpu, size_t floats);
// Both, captured in one graph and replayed on new values, in memory that is registered with a
// communicator made for it.
void GpuSumsReplay(Communicator& comm, const GpuCommunicatorOptions& options);

// All of the above over counts 0, 1, odd and large; tree sums where ranks are a power of two.
void GpuCommunicatorsKeepTheirPromises(Communicator& comm, bool shared_gpu);

}  // namespace seve::testing
