// Do all ranks train the same thing, with the same program?
#pragma once

#include "comm/communicator.h"
#include "train/batch_geometry.h"
#include "train/setup.h"

namespace seve {

// Both compare hashes over all ranks. Collective. Throw AgreedError (kUsage) that names the ranks
// that differ from rank 0, and in what.

// The file of the running program: the first thing ranks do together.
void CheckSameProgram(Communicator& communicator);

// Configuration, data and plan: layers, parameters and their places, buckets, the cut of a batch.
void CheckSameEverywhere(Communicator& communicator, const Setup& setup,
                         const BatchGeometry& geometry);

// That `reproducible`, where it is set, adds the ranks' sums in one tree, which hosts must not cut
// elsewhere. Throws AgreedError (kUsage) with the remedy.
void CheckRankTree(const Communicator& communicator, const Configuration& configuration);

}  // namespace seve
