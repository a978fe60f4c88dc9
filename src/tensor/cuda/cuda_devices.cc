#include "tensor/cuda_devices.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <span>

#include "tensor/cuda/check.h"
#include "tensor/cuda/probe.h"

namespace seve {
namespace {

// 13000 -> "13.0".
std::string VersionText(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

// "GPU-0a1b2c3d-...", as nvidia-smi writes it.
std::string UuidText(const cudaUUID_t& uuid, bool mig) {
  std::string text = mig ? "MIG" : "GPU";
  for (size_t i = 0; i < sizeof(uuid.bytes); ++i) {
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", static_cast<unsigned char>(uuid.bytes[i]));
  }
  return text;
}

GpuSurvey Failed(const std::string& problem) {
  return {.gpus = {}, .problem = problem, .failed = true};
}

GpuSurvey None(const std::string& problem) {
  return {.gpus = {}, .problem = problem, .failed = false};
}

std::string WhyNoDevice() {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return visible == nullptr
             ? "there is an NVIDIA driver on this machine, but no GPU"
             : fmt::format("CUDA_VISIBLE_DEVICES, which is '{}', hides all GPUs", visible);
}

std::string ErrorText(cudaError_t status) {
  return fmt::format("{} ({})", cudaGetErrorString(status), cudaGetErrorName(status));
}

// Errors of the runtime stay until they are asked for.
cudaError_t Taken(cudaError_t status) {
  static_cast<void>(cudaGetLastError());
  return status;
}

cudaError_t Ask(int ordinal, GpuInfo* gpu) {
  cudaDeviceProp properties = {};
  if (const auto status = cudaGetDeviceProperties(&properties, ordinal); status != cudaSuccess) {
    return status;
  }
  std::array<char, 32> bus{};
  if (const auto status = cudaDeviceGetPCIBusId(bus.data(), bus.size(), ordinal);
      status != cudaSuccess) {
    return status;
  }
  gpu->ordinal = ordinal;
  gpu->name = properties.name;
  gpu->pci_bus_id = bus.data();
  gpu->mig = gpu->name.find(" MIG ") != std::string::npos;  // "NVIDIA H100 80GB HBM3 MIG 1g.10gb"
  gpu->uuid = UuidText(properties.uuid, gpu->mig);
  gpu->major = properties.major;
  gpu->minor = properties.minor;
  gpu->total_bytes = properties.totalGlobalMem;
  return cudaSuccess;
}

// What nvcc of this toolkit compiles for at least.
constexpr int kOldestCapability = CUDART_VERSION >= 13000 ? 75 : 50;

std::string WhyNoCode(const std::string& gpu, int capability) {
  const std::string text = "this binary has no code for " + gpu;
  const std::string option = fmt::format("-DCMAKE_CUDA_ARCHITECTURES={}", capability);
  if (capability >= kOldestCapability) return text + ": configure with " + option;
  return fmt::format("{}, nor can CUDA {} make it: build with CUDA 12 and {}", text,
                     VersionText(CUDART_VERSION), option);
}

}  // namespace

GpuSurvey SurveyGpus() {
  int driver = 0;
  if (Taken(cudaDriverGetVersion(&driver)) != cudaSuccess || driver == 0) {
    return None("there is no NVIDIA driver on this machine");
  }
  int count = 0;
  const cudaError_t counted = Taken(cudaGetDeviceCount(&count));
  if (counted == cudaErrorInsufficientDriver) {
    return Failed(fmt::format(
        "the NVIDIA driver supports CUDA {}, this binary needs {}: update the driver or build "
        "with an older toolkit",
        VersionText(driver), VersionText(CUDART_VERSION)));
  }
  if (counted == cudaErrorNoDevice || (counted == cudaSuccess && count == 0)) {
    return None(WhyNoDevice());
  }
  if (counted != cudaSuccess) {
    return Failed("the NVIDIA driver does not tell its GPUs: " + ErrorText(counted));
  }
  GpuSurvey survey;
  for (int ordinal = 0; ordinal < count; ++ordinal) {
    GpuInfo gpu;
    if (const auto asked = Taken(Ask(ordinal, &gpu)); asked != cudaSuccess) {
      return Failed(fmt::format("GPU {} does not answer: {}", ordinal, ErrorText(asked)));
    }
    survey.gpus.push_back(std::move(gpu));
  }
  return survey;
}

std::string WhyNotUsable(const GpuInfo& gpu) {
  cudaError_t status = Taken(cudaSetDevice(gpu.ordinal));
  if (status == cudaSuccess) status = Taken(ProbeKernels());
  const std::string text = fmt::format("GPU {} ({}, compute capability {}.{})", gpu.ordinal,
                                       gpu.name, gpu.major, gpu.minor);
  switch (status) {
    case cudaSuccess:
      return "";
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return WhyNoCode(text, gpu.major * 10 + gpu.minor);
    case cudaErrorMemoryAllocation:
      return text + " has no memory left: see nvidia-smi";
    case cudaErrorDevicesUnavailable:
      return text + " is another process's alone: see nvidia-smi";
    default:
      return text + " does not answer: " + ErrorText(status);
  }
}

size_t FreeBytesOf(int ordinal) {
  CheckCuda(cudaSetDevice(ordinal), "cudaSetDevice");
  size_t free = 0, total = 0;
  CheckCuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return free;
}

std::string CudaVersionText() { return "CUDA " + VersionText(CUDART_VERSION); }

}  // namespace seve
