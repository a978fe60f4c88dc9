// What a run works with besides its configuration: the other ranks, the log and whoever watches.
#pragma once

#include <vector>

#include "base/log.h"
#include "comm/communicator.h"
#include "train/events.h"

namespace seve {

struct Context {
  Communicator& communicator;
  const Logger& logger;
  std::vector<RunObserver*> observers;  // on rank 0 only
};

}  // namespace seve
