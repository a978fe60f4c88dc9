// All that training needs to go on: taken from a replica for a checkpoint, and put back.
#pragma once

#include "model/arenas.h"
#include "model/executor.h"
#include "train/batch_geometry.h"
#include "train/checkpoint.h"
#include "train/setup.h"

namespace seve {

// Views into the replica's arenas; `state` gets added what fixes the order of samples.
CheckpointContent TakeSnapshot(const Setup& setup, const BatchGeometry& geometry,
                               const ParameterArena& parameters, const Executor& executor,
                               config::TrainingState state);

// Throws Error(kUsage) when the checkpoint belongs to another model, optimizer, data set or order
// of samples.
void RestoreSnapshot(const Setup& setup, const BatchGeometry& geometry,
                     const LoadedCheckpoint& checkpoint, const ParameterArena& parameters,
                     const Executor& executor);

}  // namespace seve
