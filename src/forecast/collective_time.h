// How long one collective takes, and with which algorithm: what the cost models answer.
#pragma once

#include <string>

namespace seve {

enum class Collective { kAllReduce, kReduceScatter, kAllGather };

struct CollectiveTime {
  double seconds = 0;
  double latency = 0;  // of them: what remains however few the bytes are
  double work = 0;     // of them: what CPU ranks do themselves, instead of computing
  int ctas = 0;        // thread blocks, each on its own SM of the GPU meanwhile; 0: CPUs do it
  std::string
      algorithm;  // "ring Simple", "tree LL128", "NVLS", "MPI between hosts"; "none" for one rank
};

}  // namespace seve
