// NCCL's operations on the CPU: checks of their arguments.
#include <fmt/format.h>

#include "emulator/allocations.h"
#include "emulator/nccl_elements.h"
#include "emulator/nccl_group.h"

namespace seve::emulator {
namespace {

ncclResult_t Refuse(const char* call, const char* what) {
  return FailThread(ncclInvalidArgument, fmt::format("{} : {}", call, what));
}

ncclResult_t Check(const char* call, OperationKind kind, const void* send, void* receive,
                   size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                   cudaStream_t stream) {
  if (comm == nullptr) return Refuse(call, "comm argument is NULL");
  if (SizeOf(type) == 0) return Refuse(call, "the emulator does not know this data type");
  const bool sends = kind != OperationKind::kReceive &&
                     (kind != OperationKind::kBroadcast || comm->communicator->rank() == peer);
  const bool receives = kind != OperationKind::kSend;
  const auto ranks = static_cast<size_t>(comm->communicator->ranks());
  const size_t bytes = count * SizeOf(type);
  const size_t sent = kind == OperationKind::kReduceScatter ? ranks * bytes : bytes;
  const size_t received = kind == OperationKind::kAllGather ? ranks * bytes : bytes;
  if (count > 0 && ((sends && PlaceOf(send, sent) != Place::kDevice) ||
                    (receives && PlaceOf(receive, received) != Place::kDevice))) {
    return Refuse(call, "a buffer does not lie in the memory of a device");
  }
  if (peer < 0 || peer >= comm->communicator->ranks()) {
    return Refuse(call, "invalid root or peer: it should be in the range of ranks");
  }
  return Submit({.kind = kind,
                 .send = send,
                 .receive = receive,
                 .count = count,
                 .type = type,
                 .peer = peer,
                 .communicator = comm->communicator},
                stream);
}

ncclResult_t CheckSum(const char* call, ncclRedOp_t operator_) {
  return operator_ == ncclSum ? ncclSuccess : Refuse(call, "the emulator knows ncclSum only");
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

ncclResult_t ncclAllReduce(const void* send, void* receive, size_t count, ncclDataType_t type,
                           ncclRedOp_t reduction, ncclComm_t comm, cudaStream_t stream) {
  if (const auto result = CheckSum("AllReduce", reduction); result != ncclSuccess) return result;
  return Check("AllReduce", OperationKind::kAllReduce, send, receive, count, type, 0, comm, stream);
}

ncclResult_t ncclReduceScatter(const void* send, void* receive, size_t count, ncclDataType_t type,
                               ncclRedOp_t reduction, ncclComm_t comm, cudaStream_t stream) {
  if (const auto result = CheckSum("ReduceScatter", reduction); result != ncclSuccess)
    return result;
  return Check("ReduceScatter", OperationKind::kReduceScatter, send, receive, count, type, 0, comm,
               stream);
}

ncclResult_t ncclAllGather(const void* send, void* receive, size_t count, ncclDataType_t type,
                           ncclComm_t comm, cudaStream_t stream) {
  return Check("AllGather", OperationKind::kAllGather, send, receive, count, type, 0, comm, stream);
}

ncclResult_t ncclBroadcast(const void* send, void* receive, size_t count, ncclDataType_t type,
                           int root, ncclComm_t comm, cudaStream_t stream) {
  return Check("Broadcast", OperationKind::kBroadcast, send, receive, count, type, root, comm,
               stream);
}

ncclResult_t ncclSend(const void* send, size_t count, ncclDataType_t type, int peer,
                      ncclComm_t comm, cudaStream_t stream) {
  return Check("Send", OperationKind::kSend, send, nullptr, count, type, peer, comm, stream);
}

ncclResult_t ncclRecv(void* receive, size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                      cudaStream_t stream) {
  return Check("Recv", OperationKind::kReceive, nullptr, receive, count, type, peer, comm, stream);
}
}
