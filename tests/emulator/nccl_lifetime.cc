// NCCL's communicators on the CPU: from the unique id to their end.
#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <random>

#include "emulator/nccl_group.h"

namespace seve::emulator {
namespace {

ncclResult_t Refuse(std::string words) { return FailThread(ncclInvalidArgument, std::move(words)); }

ncclResult_t Init(ncclComm_t* comm, int ranks, const ncclUniqueId& id, int rank, bool blocking) {
  if (comm == nullptr) return Refuse("CommInitRank : comm argument is NULL");
  *comm = nullptr;
  if (ranks < 1 || ranks > kMaxRanks || rank < 0 || rank >= ranks) {
    return Refuse(fmt::format("Invalid rank requested : {}/{}", rank, ranks));
  }
  Seat seat;
  try {
    seat = FindSeat();
  } catch (const std::exception& error) {
    return FailThread(ncclUnhandledCudaError, error.what());
  }
  const auto communicator =
      std::make_shared<Communicator>(id.internal, ranks, rank, std::move(seat), blocking);
  if (!blocking) {
    *comm = new ncclComm{communicator};
    communicator->StartJoin();
    return ncclInProgress;
  }
  communicator->Join();
  const ncclResult_t result = communicator->Ready();
  if (result != ncclSuccess) return FailThread(result, communicator->LastError());
  *comm = new ncclComm{communicator};
  return ncclSuccess;
}

// Where all went well, calls `get` with the communicator.
template <typename Get>
ncclResult_t Ask(ncclComm_t comm, const void* answer, Get get) {
  if (comm == nullptr || answer == nullptr) return Refuse("a communicator or pointer is NULL");
  const ncclResult_t ready = comm->communicator->Ready();
  if (ready == ncclSuccess) get(*comm->communicator);
  return ready;
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

ncclResult_t ncclGetVersion(int* version) {
  if (version == nullptr) return Refuse("GetVersion : version argument is NULL");
  *version = NCCL_VERSION_CODE;
  return ncclSuccess;
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
  if (id == nullptr) return Refuse("GetUniqueId : out argument is NULL");
  std::memset(id->internal, 0, sizeof(id->internal));
  std::random_device random;
  const std::string name = fmt::format("/seve_nccl_{}_{:08x}{:08x}", getpid(), random(), random());
  std::memcpy(id->internal, name.data(), name.size());
  return ncclSuccess;
}

ncclResult_t ncclCommInitRank(ncclComm_t* comm, int ranks, ncclUniqueId id, int rank) {
  return Init(comm, ranks, id, rank, true);
}

ncclResult_t ncclCommInitRankConfig(ncclComm_t* comm, int ranks, ncclUniqueId id, int rank,
                                    ncclConfig_t* config) {
  constexpr unsigned kMagic = 0xcafebeef;
  if (config == nullptr) return Init(comm, ranks, id, rank, true);
  if (config->magic != kMagic) {
    return Refuse("ncclConfig_t argument not initialized via NCCL_CONFIG_INITIALIZER");
  }
  if (config->blocking != NCCL_CONFIG_UNDEF_INT && config->blocking != 0 && config->blocking != 1) {
    return Refuse(fmt::format("Invalid config blocking attribute value {}", config->blocking));
  }
  return Init(comm, ranks, id, rank, config->blocking != 0);
}

// What was enqueued keeps the communicator, and runs when its stream does.
ncclResult_t ncclCommFinalize(ncclComm_t comm) {
  if (comm == nullptr) return Refuse("CommFinalize : comm argument is NULL");
  const ncclResult_t ready = comm->communicator->Ready();
  return ready == ncclSuccess ? comm->communicator->Finalized() : ready;
}

ncclResult_t ncclCommDestroy(ncclComm_t comm) {
  if (comm == nullptr) return ncclSuccess;
  comm->communicator->Leave();
  delete comm;
  return ncclSuccess;
}

ncclResult_t ncclCommAbort(ncclComm_t comm) {
  if (comm == nullptr) return ncclSuccess;
  comm->communicator->Abort();
  delete comm;
  return ncclSuccess;
}

ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t* error) {
  if (comm == nullptr || error == nullptr) return Refuse("CommGetAsyncError : NULL argument");
  *error = comm->communicator->Poll();
  return ncclSuccess;
}

ncclResult_t ncclCommCount(ncclComm_t comm, int* count) {
  return Ask(comm, count, [&](const Communicator& communicator) { *count = communicator.ranks(); });
}

ncclResult_t ncclCommUserRank(ncclComm_t comm, int* rank) {
  return Ask(comm, rank, [&](const Communicator& communicator) { *rank = communicator.rank(); });
}

ncclResult_t ncclCommCuDevice(ncclComm_t comm, int* device) {
  return Ask(comm, device,
             [&](const Communicator& communicator) { *device = communicator.device(); });
}

ncclResult_t ncclCommRegister(ncclComm_t comm, void* buffer, size_t, void** handle) {
  return Ask(comm, handle, [&](const Communicator&) { *handle = buffer; });
}

ncclResult_t ncclCommDeregister(ncclComm_t comm, void* handle) {
  return Ask(comm, handle, [](const Communicator&) {});
}

ncclResult_t ncclMemAlloc(void** memory, size_t bytes) {
  return cudaMalloc(memory, bytes) == cudaSuccess
             ? ncclSuccess
             : FailThread(ncclUnhandledCudaError, "Cuda failure 'out of memory'");
}

ncclResult_t ncclMemFree(void* memory) {
  return cudaFree(memory) == cudaSuccess
             ? ncclSuccess
             : FailThread(ncclUnhandledCudaError, "Cuda failure 'invalid argument'");
}

const char* ncclGetLastError(ncclComm_t comm) {
  if (comm == nullptr || *comm->communicator->LastError() == '\0') return ThreadError();
  return comm->communicator->LastError();
}

// NCCL 2.28's own words.
const char* ncclGetErrorString(ncclResult_t result) {
  switch (result) {
    case ncclSuccess:
      return "no error";
    case ncclUnhandledCudaError:
      return "unhandled cuda error (run with NCCL_DEBUG=INFO for details)";
    case ncclSystemError:
      return "unhandled system error (run with NCCL_DEBUG=INFO for details)";
    case ncclInternalError:
      return "internal error - please report this issue to the NCCL developers";
    case ncclInvalidArgument:
      return "invalid argument (run with NCCL_DEBUG=WARN for details)";
    case ncclInvalidUsage:
      return "invalid usage (run with NCCL_DEBUG=WARN for details)";
    case ncclRemoteError:
      return "remote process exited or there was a network error";
    case ncclInProgress:
      return "NCCL operation in progress";
    default:
      return "unknown result code";
  }
}
}
