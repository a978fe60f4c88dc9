// What every communicator promises, as functions that all its ranks run: shared by the tests over
// threads and the program that runs under mpirun. They record failures with EXPECT_*.
#pragma once

#include "comm/communicator.h"

namespace seve::testing {

// Sums of integer-valued floats, exact in any order: several ranges a step, merged, apart and
// empty.
void SumsAreExact(Communicator& comm, size_t floats);
// Sums come about while ranks compute: Progress alone, now and then, brings them to the end.
void ProgressSumsWithoutWaiting(Communicator& comm, size_t floats);
// Owners alone have sums until these are gathered, and every element has one owner.
void SumsAreGatheredFromTheirOwners(Communicator& comm, size_t floats);
// What is carried as bfloat16 is rounded between hosts alone, not in short ranges, and has the same
// bits on every rank.
void NarrowWiresRoundBetweenHostsAlone(Communicator& comm, size_t floats, int ranks_per_host);
// A hundred steps, each of which writes the arena anew as soon as FinishSums returns.
void ArenaMayBeRewrittenAfterFinishSums(Communicator& comm, size_t floats);
// Random floats: bit for bit the tree that joins the largest power of two of ranks with the rest.
// With `ranks_per_host` > 0, the tree over hosts of the trees within them: the same where it is a
// power of two.
void SumsHaveTheBitsOfTheTree(Communicator& comm, size_t floats, int ranks_per_host);
// What was not started is left alone.
void OnlyStartedRangesChange(Communicator& comm);
void WindowsAreIndependentZeroAndAligned(Communicator& comm);
void DoublesAreAddedInRankOrder(Communicator& comm);
void BroadcastReachesEveryRank(Communicator& comm, size_t bytes);
void GatherKeepsLengthsAndOrder(Communicator& comm);

// All of the above over counts 0, 1, odd and large.
void CommunicatorKeepsItsPromises(Communicator& comm, int ranks_per_host = 0);

}  // namespace seve::testing
