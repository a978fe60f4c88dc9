#include "comm/mpi/hosts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "base/cores.h"
#include "comm/host_name.h"

namespace seve {
namespace {

MpiComm DuplicateWorld() {
  MPI_Comm copy = MPI_COMM_NULL;  // inherits MPI_ERRORS_RETURN
  CheckMpi(MPI_Comm_dup(MPI_COMM_WORLD, &copy), "MPI_Comm_dup");
  return MpiComm(copy);
}

MpiComm GroupByHost(const MpiComm& world, int ranks_per_host) {
  MpiComm host = world.SplitByHost();
  if (ranks_per_host <= 0) return host;
  return host.Split(host.rank() / ranks_per_host, host.rank());
}

}  // namespace

Hosts::Hosts(int ranks_per_host)
    : world(DuplicateWorld()), host(GroupByHost(world, ranks_per_host)) {
  rank_in_world = world.rank();
  rank_in_host = host.rank();
  local = host.AllGather(rank_in_world);
  oversubscribed = static_cast<int>(local.size()) > CountCores(host.AllGather(CoresOfThisThread()));
  FindPeers();
  FindNames();
}

void Hosts::FindPeers() {
  const int first = local.front();
  const std::vector<int> firsts = world.AllGather(first);
  const std::vector<int> sizes = world.AllGather(static_cast<int>(local.size()));
  for (int rank = 0; rank < static_cast<int>(firsts.size()); ++rank) {
    if (firsts[rank] != first) others.push_back(rank);
  }
  count = static_cast<int>(std::set<int>(firsts.begin(), firsts.end()).size());
  slices = *std::min_element(sizes.begin(), sizes.end());
  const std::vector<int> whole = world.AllGather(IsWholeSubtree() ? 1 : 0);
  in_rank_tree = std::ranges::find(whole, 0) == whole.end();
  across = world.Split(rank_in_host < slices ? rank_in_host : MPI_UNDEFINED, first);
}

bool Hosts::IsWholeSubtree() const {
  const int ranks = static_cast<int>(local.size());
  const bool consecutive = local.back() - local.front() + 1 == ranks;
  return consecutive && std::has_single_bit(static_cast<unsigned>(ranks)) &&
         local.front() % ranks == 0 && ranks == slices &&
         std::has_single_bit(static_cast<unsigned>(world.size()));
}

void Hosts::FindNames() {
  std::array<char, 64> mine{};
  const std::string name = HostName();
  std::copy_n(name.begin(), std::min(name.size(), mine.size() - 1), mine.begin());
  for (const auto& theirs : world.AllGather(mine)) names.emplace_back(theirs.data());
}

}  // namespace seve
