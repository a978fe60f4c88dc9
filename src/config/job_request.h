// What a user asks of a cluster for one job, checked against the cluster's profile before Slurm
// sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/cluster.h"

namespace seve {

struct JobRequest {
  int gpus = 1;              // over all nodes; one rank each
  std::optional<int> nodes;  // unset: as few as hold the GPUs
  std::string gpu;           // model or MIG slice; empty: the first GPU of the profile
  std::string time = "3:00:00";
  int blocks = 1;                   // tasks of the array that train one after the other
  std::vector<std::string> sbatch;  // options for sbatch besides: "--cpus-per-task=4"
};

// A request that the profile allows, in the terms of Slurm.
struct JobShape {
  std::string gpu;           // as Slurm calls it; empty where requests name no model
  double gpu_memory_gb = 0;  // 10^9 bytes; 0: not known
  std::string gpu_place;     // where the profile says so
  int nodes = 1, gpus_per_node = 1, cores_per_rank = 1;
  std::optional<int64_t> memory_mib;  // of each node; 0: all of it; unset: not asked for
  int64_t seconds = 0;
  int blocks = 1;

  [[nodiscard]] int ranks() const { return nodes * gpus_per_node; }
};

// Throws Error(kUsage) with everything that is wrong, each with the place of the rule in the
// profile and the source of it. Needs gpus, nodes and blocks above 0.
JobShape ShapeJob(const JobRequest& request, const ClusterProfile& cluster);

}  // namespace seve
