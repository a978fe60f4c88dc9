#include "comm/nccl/nccl_call.h"

#include <fmt/format.h>

#include <string_view>

#include "base/error.h"
#include "base/log.h"

namespace seve {

std::string FailureText(ncclResult_t result, const char* call, ncclComm_t comm) {
  const char* last = ncclGetLastError(comm);
  const std::string_view detail = last == nullptr ? "" : last;
  return fmt::format("{} failed: {}{}", call, ncclGetErrorString(result),
                     detail.empty() ? "" : fmt::format(" ({})", detail));
}

void CheckNccl(ncclResult_t result, const char* call, ncclComm_t comm, std::source_location where) {
  if (IsFailure(result)) ThrowCommunication(FailureText(result, call, comm), where);
}

void NoteNccl(ncclResult_t result, const char* call) noexcept {
  if (!IsFailure(result)) return;
  try {
    Logger().Error(FailureText(result, call, nullptr));
  } catch (...) {  // nothing is left to say it with
  }
}

}  // namespace seve
