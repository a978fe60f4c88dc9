// The machines and trainings whose published figures the model is held against. Figures are those
// of MLPerf Training's result logs, NVIDIA's DeepLearningExamples and NCCL's issue tracker;
// docs/forecast.md has the table.
#pragma once

#include "forecast/fabric.h"
#include "forecast/step_options.h"
#include "forecast/step_profile.h"

namespace seve {

// 8 H100-SXM5 under NVSwitch, 8 ConnectX-7 of 400 Gbit/s.
inline Fabric DgxH100() {
  return {.ranks_per_node = 8,
          .generation = GpuGeneration::kHopper,
          .nvlink_gbs = 450,
          .amd_hosts = false,
          .network_gbs = 400};
}

// 8 A100-SXM4 under NVSwitch, 8 ConnectX-6 of 200 Gbit/s.
inline Fabric DgxA100() { return {.ranks_per_node = 8, .nvlink_gbs = 300, .network_gbs = 200}; }

// 4 A100-SXM4 and 2 ConnectX-6 of 200 Gbit/s at ports of the CPUs. That no PCIe switches are
// between them was not found documented: it is assumed, because the published efficiencies fit it
// better (published_scaling_test.cc has both).
inline Fabric Xe8545() {
  return {.ranks_per_node = 4, .nvlink_gbs = 300, .pcie_switches = false, .network_gbs = 50};
}

// 25.6 million parameters, all of whose gradients travel as one group of FP16 after the backward
// pass: MLPerf's MXNet submissions with Horovod (64 MiB of fusion, one group). `seconds` is the
// step's time where nothing is waited for.
inline StepProfile ResNet50(double samples, double seconds) {
  return {.steps = {{.samples = samples, .forward = seconds / 3, .backward = seconds * 2 / 3}},
          .slices = {{.bytes = 102.2e6, .ready = 1}}};
}

inline StepOptions HalfPrecision() { return {.bucket_mib = 64, .wire = WireType::kBf16}; }

}  // namespace seve
