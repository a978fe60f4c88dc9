// NCCL's operations as steps of exchanges.
//
// Sums go in the order of the ranks, ((0 + 1) + 2) + 3: from four ranks on their bits are not those
// of a balanced binary tree.
#pragma once

#include <memory>
#include <vector>

#include "emulator/nccl_exchange.h"

namespace seve::emulator {

enum class OperationKind { kAllReduce, kReduceScatter, kAllGather, kBroadcast, kSend, kReceive };

struct Operation {
  OperationKind kind = OperationKind::kAllReduce;
  const void* send = nullptr;
  void* receive = nullptr;
  size_t count = 0;
  ncclDataType_t type = ncclFloat32;
  int peer = 0;  // the root of a broadcast, the other side of a send or receive
  std::shared_ptr<Communicator> communicator;
};

// Runs the operations of one group and returns when all are over, their communicator was aborted or
// a peer is gone. A communicator's collectives come first, one after another; then all its sends
// and receives together.
void RunGroup(const std::vector<Operation>& group);

}  // namespace seve::emulator
