// All that training needs to go on: taken from a replica for a checkpoint, and put back.
#pragma once

#include "model/cpu_executor.h"
#include "train/checkpoint.h"
#include "train/setup.h"

namespace seve {

// Views into the replica's arenas; `state` gets the hashes added.
CheckpointContent TakeSnapshot(const Setup& setup, const ParameterArena& parameters,
                               const CpuExecutor& executor, config::TrainingState state);

// Throws Error(kUsage) when the checkpoint belongs to another model, optimizer or data set.
void RestoreSnapshot(const Setup& setup, const LoadedCheckpoint& checkpoint,
                     const ParameterArena& parameters, const CpuExecutor& executor);

}  // namespace seve
