// Which GPUs this process sees, whether this binary runs on them, and why not. Without a CUDA
// header: tensor/cuda/ or tensor/no_cuda/ stands behind it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace seve {

struct GpuInfo {
  int ordinal = 0;           // among those this process sees
  std::string name;          // "NVIDIA H200"
  std::string pci_bus_id;    // "0000:1B:00.0"; slices of one GPU have the same
  std::string uuid;          // "GPU-0a1b..."; a slice has its own
  int major = 0, minor = 0;  // compute capability
  size_t total_bytes = 0;
  bool mig = false;  // a slice of a GPU (Multi-Instance GPU)
};

struct GpuSurvey {
  std::vector<GpuInfo> gpus;
  std::string problem;  // why there is none: "there is no NVIDIA driver on this machine"
  // There is a driver, but it does not tell what GPUs there are.
  bool failed = false;
};

// Never throws; leaves no CUDA context behind.
[[nodiscard]] GpuSurvey SurveyGpus();

// Empty where this binary runs on that GPU, otherwise what is in the way and the remedy: "this
// binary has no code for GPU 0 (Tesla V100, compute capability 7.0): ...". Never throws. Makes the
// GPU the calling thread's current one, with a context.
[[nodiscard]] std::string WhyNotUsable(const GpuInfo& gpu);

// Memory nobody has taken. Makes the GPU the calling thread's current one, with a context. Throws
// Error(kCommunication) where it does not answer.
[[nodiscard]] size_t FreeBytesOf(int ordinal);

// What this binary was built with: "CUDA 13.0", "no CUDA".
[[nodiscard]] std::string CudaVersionText();
// The same: "cuDNN 9.19.0", "no cuDNN".
[[nodiscard]] std::string CudnnVersionText();

}  // namespace seve
