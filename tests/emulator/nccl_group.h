// Groups of NCCL operations, one a thread.
#pragma once

#include "emulator/nccl_operation.h"

namespace seve::emulator {

// Enqueues the operation in the stream, or keeps it for the end of the group.
ncclResult_t Submit(Operation operation, cudaStream_t stream);

// What ncclGetLastError says to this thread where no communicator tells more.
const char* ThreadError();
// Returns `result`.
ncclResult_t FailThread(ncclResult_t result, std::string words);

}  // namespace seve::emulator

// NCCL's handle.
struct ncclComm {
  std::shared_ptr<seve::emulator::Communicator> communicator;
};
