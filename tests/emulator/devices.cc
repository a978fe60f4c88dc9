#include "devices.h"

#include <cstdio>
#include <cstring>

#include "errors.h"
#include "settings.h"

namespace seve::emulator {
namespace {

constinit thread_local int current = 0;

// Within a major version any driver serves any runtime.
bool DriverServes() { return DriverVersion() / 1000 >= CUDART_VERSION / 1000; }

// The place in the machine of a device by its ordinal.
cudaError_t FindGpu(int ordinal, int* gpu) {
  if (!DriverServes()) return cudaErrorInsufficientDriver;
  const auto visible = VisibleGpus();
  if (visible.empty()) return cudaErrorNoDevice;
  if (ordinal < 0 || ordinal >= static_cast<int>(visible.size())) return cudaErrorInvalidDevice;
  *gpu = visible[ordinal];
  return cudaSuccess;
}

// Slices of one GPU share its PCI slot, not its identity.
void SetIdentity(int gpu, cudaDeviceProp* properties) {
  const bool slices = std::strstr(properties->name, "MIG") != nullptr;
  std::memcpy(properties->uuid.bytes, "emulated GPU", 12);
  properties->uuid.bytes[15] = static_cast<char>(SharedGpu() && !slices ? 0 : gpu);
  properties->pciBusID = 0x10 + (SharedGpu() ? 0 : gpu);
}

cudaDeviceProp PropertiesOf(int gpu) {
  cudaDeviceProp properties = {};
  std::snprintf(properties.name, sizeof properties.name, "%s", GpuName().c_str());
  SetIdentity(gpu, &properties);
  properties.totalGlobalMem = GpuMemory();
  properties.sharedMemPerBlock = 48 << 10;
  properties.sharedMemPerMultiprocessor = 228 << 10;
  properties.sharedMemPerBlockOptin = 227 << 10;
  properties.regsPerBlock = 65536;
  properties.regsPerMultiprocessor = 65536;
  properties.warpSize = 32;
  properties.maxThreadsPerBlock = 1024;
  properties.maxThreadsPerMultiProcessor = 2048;
  properties.maxThreadsDim[0] = 1024;
  properties.maxThreadsDim[1] = 1024;
  properties.maxThreadsDim[2] = 64;
  properties.maxGridSize[0] = 0x7fffffff;
  properties.maxGridSize[1] = 65535;
  properties.maxGridSize[2] = 65535;
  properties.major = 9;
  properties.minor = 0;
  properties.multiProcessorCount = 4;
  properties.memoryBusWidth = 64;
  properties.l2CacheSize = 1 << 20;
  properties.concurrentKernels = 1;
  properties.canMapHostMemory = 1;
  properties.unifiedAddressing = 1;
  properties.asyncEngineCount = 2;
  properties.streamPrioritiesSupported = 1;
  return properties;
}

}  // namespace

cudaError_t CheckDevice() {
  int gpu = 0;
  return FindGpu(current, &gpu);
}

int CurrentDevice() { return current; }

}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaDriverGetVersion(int* version) {
  *version = DriverVersion();
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  if (!DriverServes()) return Result(cudaErrorInsufficientDriver);
  *count = static_cast<int>(VisibleGpus().size());
  return Result(*count == 0 ? cudaErrorNoDevice : cudaSuccess);
}

cudaError_t cudaSetDevice(int ordinal) {
  int gpu = 0;
  const cudaError_t status = FindGpu(ordinal, &gpu);
  if (status == cudaSuccess) current = ordinal;
  return Result(status);
}

cudaError_t cudaGetDevice(int* ordinal) {
  *ordinal = current;
  return Result(CheckDevice());
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int ordinal) {
  int gpu = 0;
  const cudaError_t status = FindGpu(ordinal, &gpu);
  if (status == cudaSuccess) *properties = PropertiesOf(gpu);
  return Result(status);
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int ordinal) {
  int gpu = 0;
  if (const cudaError_t status = FindGpu(ordinal, &gpu); status != cudaSuccess) {
    return Result(status);
  }
  const cudaDeviceProp properties = PropertiesOf(gpu);
  switch (attribute) {
    case cudaDevAttrMultiProcessorCount:
      *value = properties.multiProcessorCount;
      break;
    case cudaDevAttrComputeCapabilityMajor:
      *value = properties.major;
      break;
    case cudaDevAttrComputeCapabilityMinor:
      *value = properties.minor;
      break;
    case cudaDevAttrMaxThreadsPerBlock:
      *value = properties.maxThreadsPerBlock;
      break;
    case cudaDevAttrMaxThreadsPerMultiProcessor:
      *value = properties.maxThreadsPerMultiProcessor;
      break;
    case cudaDevAttrMaxSharedMemoryPerBlock:
      *value = static_cast<int>(properties.sharedMemPerBlock);
      break;
    case cudaDevAttrWarpSize:
      *value = properties.warpSize;
      break;
    case cudaDevAttrPciBusId:
      *value = properties.pciBusID;
      break;
    case cudaDevAttrPciDeviceId:
      *value = properties.pciDeviceID;
      break;
    case cudaDevAttrPciDomainId:
      *value = properties.pciDomainID;
      break;
    case cudaDevAttrL2CacheSize:
      *value = properties.l2CacheSize;
      break;
    case cudaDevAttrClockRate:
      *value = 1'000'000;
      break;
    case cudaDevAttrMemoryClockRate:
      *value = 1'000'000;
      break;
    case cudaDevAttrGlobalMemoryBusWidth:
      *value = properties.memoryBusWidth;
      break;
    case cudaDevAttrEccEnabled:
      *value = properties.ECCEnabled;
      break;
    case cudaDevAttrComputeMode:
      *value = cudaComputeModeDefault;
      break;
    default:
      return Result(cudaErrorInvalidValue);
  }
  return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int ordinal) {
  int gpu = 0;
  if (const cudaError_t status = FindGpu(ordinal, &gpu); status != cudaSuccess) {
    return Result(status);
  }
  const cudaDeviceProp properties = PropertiesOf(gpu);
  const int needed = std::snprintf(text, length, "%04x:%02x:%02x.0", properties.pciDomainID,
                                   properties.pciBusID, properties.pciDeviceID);
  return Result(needed < length ? cudaSuccess : cudaErrorInvalidValue);
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  if (least != nullptr) *least = 0;
  if (greatest != nullptr) *greatest = -5;
  return cudaSuccess;
}
