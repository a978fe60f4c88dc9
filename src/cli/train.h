// `seve train`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "base/file.h"
#include "comm/communicator.h"

namespace seve {

// Where tests put faults: between the program and the disk, and between a rank and the others.
struct TrainSeams {
  FileCalls files = SystemFileCalls();  // with which rank 0 writes checkpoints
  // Wraps the rank's communicator; unset: it is used as it is.
  std::function<std::unique_ptr<Communicator>(Communicator&)> wrap = {};
};

// Adds the subcommand; when it is chosen, *action runs it and returns the exit code.
void AddTrainCommand(CLI::App& app, std::function<int()>* action, const TrainSeams& seams = {});

}  // namespace seve
