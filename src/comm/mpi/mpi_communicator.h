// Ranks as processes: MPI between hosts, shared memory within one.
#pragma once

#include <memory>

#include "comm/communicator.h"
#include "comm/mpi/mpi_session.h"

namespace seve {

struct MpiOptions {
  // Treats every so many ranks of a host as a host of their own, to exercise the path between hosts
  // on one machine; 0: hosts as they are.
  int ranks_per_host = 0;
};

// Collective over the world. The session outlives the communicator. Throws Error(kUsage) when the
// launcher asked for another number of ranks than MPI sees (comm/mpi/launcher.h).
std::unique_ptr<Communicator> MakeMpiCommunicator(const MpiSession& session,
                                                  const MpiOptions& options = {});

}  // namespace seve
