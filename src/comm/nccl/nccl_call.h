// NCCL's C interface with its error codes turned into exceptions. For the files of this folder
// alone.
#pragma once

#include <nccl.h>

#include <source_location>
#include <string>

namespace seve {

// ncclInProgress is none: a non-blocking communicator says so of most calls.
[[nodiscard]] inline bool IsFailure(ncclResult_t result) {
  return result != ncclSuccess && result != ncclInProgress;
}

// "ncclAllReduce failed: remote process exited or there was a network error (what NCCL noted
// last)".
[[nodiscard]] std::string FailureText(ncclResult_t result, const char* call, ncclComm_t comm);

// Throws Error(kCommunication) with that text if it is a failure.
void CheckNccl(ncclResult_t result, const char* call, ncclComm_t comm = nullptr,
               std::source_location where = std::source_location::current());

// For destructors: says on standard error what went wrong and goes on.
void NoteNccl(ncclResult_t result, const char* call) noexcept;

}  // namespace seve
