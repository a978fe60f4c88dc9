#include <cuda_runtime_api.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>

#include "emulator/nccl_communicator.h"

namespace seve::emulator {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string HostName() {
  char name[256] = {};
  gethostname(name, sizeof(name) - 1);
  return name;
}

// NCCL reads the digits of 0000:17:00.0 as one number.
uint64_t BusOf(const std::string& id) {
  std::string digits;
  for (const char c : id) {
    if (c != ':' && c != '.') digits += c;
  }
  return std::stoull(digits, nullptr, 16);
}

}  // namespace

Seat FindSeat() {
  int device = 0;
  char id[32] = {};
  if (cudaGetDevice(&device) != cudaSuccess ||
      cudaDeviceGetPCIBusId(id, sizeof(id), device) != cudaSuccess) {
    throw std::runtime_error("no CUDA device");
  }
  const std::string host = Variable("NCCL_HOSTID");
  return {.device = device,
          .host = std::hash<std::string>()(host.empty() ? HostName() : host),
          .bus = BusOf(id),
          .failure = Variable("SEVE_EMULATED_NCCL_FAIL")};
}

}  // namespace seve::emulator
