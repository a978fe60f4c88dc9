// A profile for tests: one node has four GPUs, some of them cut.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "config/cluster.h"

namespace seve::testing {

inline constexpr const char* kProfile = R"(name: "cliff"
title: "Cliff"
source: "page Cliff, May 2026"
gpu {
  model: "a100"
  gpu_memory_gb: 40
  per_node: 4
  cores_per_gpu: 12
  memory_mib_per_gpu: 1000
  mig { name: "a100_1g.5gb" gpu_memory_gb: 5 cores: 1 memory_mib: 300 }
}
longest_time: "1-00:00:00"
shortest_time: "00:05:00"
most_jobs: 10
account_prefix: "def-"
module: ["gcc/12.3", "cuda/12.6"]
data_root: "$CLIFF_SCRATCH/data"
run_root: "${CLIFF_SCRATCH}/runs"
)";

// kProfile with one text in place of another, which must occur in it.
inline std::string ProfileWith(const std::string& old_text, const std::string& new_text) {
  std::string text = kProfile;
  const size_t at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return text.replace(at, old_text.size(), new_text);
}

}  // namespace seve::testing
