// What a run works with besides its configuration: the other ranks, the log, whoever watches, the
// disk and this rank's device.
#pragma once

#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "comm/communicator.h"
#include "train/events.h"
#include "train/rank_device.h"

namespace seve {

class Dumper;
class Tracer;

struct Context {
  Communicator& communicator;
  const Logger& logger;
  std::vector<RunObserver*> observers;  // on rank 0 only
  FileCalls files = SystemFileCalls();  // with which checkpoints are written
  Dumper* dumper = nullptr;             // on every rank; null: nothing is dumped
  Tracer* tracer = nullptr;             // the same; nothing is traced
  RankDevice device = {};               // ChooseDevice
};

}  // namespace seve
