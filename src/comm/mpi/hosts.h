// Who shares a host with whom, and the MPI communicators within and between hosts.
#pragma once

#include <string>
#include <vector>

#include "comm/mpi/mpi_call.h"

namespace seve {

struct Hosts {
  // Collective over MPI_COMM_WORLD. `ranks_per_host` splits real hosts into groups of that many
  // ranks, as if each were a host of its own; 0 leaves them whole.
  explicit Hosts(int ranks_per_host);

  [[nodiscard]] int rank() const { return rank_in_world; }
  [[nodiscard]] int size() const { return static_cast<int>(names.size()); }
  [[nodiscard]] int index() const { return rank_in_host; }
  // Ranks of this host, in world order, and all others.
  std::vector<int> local, others;
  // Host name of every rank of the world.
  std::vector<std::string> names;
  int count = 1;                // hosts
  int slices = 1;               // ranks a host that sum: those of the smallest host
  bool oversubscribed = false;  // more ranks here than cores
  // Every host has the same power of two of consecutive ranks, and hosts are a power of two.
  bool in_rank_tree = true;

  MpiComm world;
  MpiComm host;
  // Ranks of equal index on all hosts, in the order of the hosts' first ranks; null from `slices`
  // on.
  MpiComm across;

 private:
  void FindPeers();
  [[nodiscard]] bool IsWholeSubtree() const;
  void FindNames();

  int rank_in_world, rank_in_host = 0;
};

}  // namespace seve
