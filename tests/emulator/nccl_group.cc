#include "emulator/nccl_group.h"

#include <set>
#include <utility>

#include "emulator/stream.h"

namespace seve::emulator {
namespace {

struct Group {
  int depth = 0;
  std::vector<Operation> operations;
  cudaStream_t stream = nullptr;
  ncclResult_t error = ncclSuccess;
};

// What NCCL keeps for each thread, this keeps too.
struct ThreadState {
  Group group;
  std::string error;
};

ThreadState& OfThread() {
  thread_local ThreadState state;
  return state;
}

ncclResult_t Launch(const std::vector<Operation>& operations, cudaStream_t stream) {
  if (operations.empty()) return ncclSuccess;
  if (Enqueue(stream, [operations] { RunGroup(operations); }) != cudaSuccess) {
    return FailThread(ncclUnhandledCudaError, "Cuda failure: the stream takes no work");
  }
  std::set<Communicator*> communicators;
  ncclResult_t result = ncclSuccess;
  for (const Operation& operation : operations) {
    if (!communicators.insert(operation.communicator.get()).second) continue;
    const ncclResult_t started = operation.communicator->Started();
    if (started != ncclSuccess) result = started;
  }
  return result;
}

ncclResult_t AddToGroup(Operation operation, cudaStream_t stream) {
  Group& group = OfThread().group;
  if (!group.operations.empty() && group.stream != stream) {
    return group.error = FailThread(ncclInvalidUsage,
                                    "the emulator wants all operations of a group in one stream");
  }
  group.stream = stream;
  group.operations.push_back(std::move(operation));
  return ncclSuccess;
}

}  // namespace

const char* ThreadError() { return OfThread().error.c_str(); }

ncclResult_t FailThread(ncclResult_t result, std::string words) {
  OfThread().error = std::move(words);
  return result;
}

ncclResult_t Submit(Operation operation, cudaStream_t stream) {
  Group& group = OfThread().group;
  if (const ncclResult_t ready = operation.communicator->Ready(); ready != ncclSuccess) {
    return group.error = ready;
  }
  if (operation.count == 0) return ncclSuccess;
  if (group.depth > 0) return AddToGroup(std::move(operation), stream);
  return Launch({std::move(operation)}, stream);
}

}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

ncclResult_t ncclGroupStart() {
  Group& group = OfThread().group;
  if (group.depth++ == 0) group = {.depth = 1, .operations = {}, .stream = nullptr, .error = {}};
  return ncclSuccess;
}

ncclResult_t ncclGroupEnd() {
  Group& group = OfThread().group;
  if (group.depth == 0) {
    return FailThread(ncclInvalidUsage, "ncclGroupEnd: not in a group call.");
  }
  if (--group.depth > 0) return ncclSuccess;
  Group ended = std::exchange(group, Group());
  return ended.error != ncclSuccess ? ended.error : Launch(ended.operations, ended.stream);
}
}
