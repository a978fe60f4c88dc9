// The averages of the parameters (optimizer.average), which are what is looked at instead of the
// parameters: in evaluations and pictures, and wherever a checkpoint's model is used.
#pragma once

#include <functional>
#include <vector>

#include "model/arenas.h"
#include "model/executor.h"
#include "train/checkpoint.h"
#include "train/setup.h"

namespace seve {

// Runs `look` with the averages in the parameters' place; only that where there are none, because
// they are not asked for or no step was made yet. On all ranks alike. What `look` throws is the end
// of a run: they are not exchanged back then.
void WithAverages(const Setup& setup, const ParameterArena& parameters, Executor& executor,
                  int64_t step, const std::function<void()>& look);

// The checkpoint's model as it counts: averages where it has any, otherwise the parameters. Views
// of the checkpoint.
std::vector<NamedTensor> TrainedTensors(const LoadedCheckpoint& checkpoint);

// Puts these into the arena. Throws Error(kUsage) naming file and tensor when they do not fit.
void RestoreModel(const LoadedCheckpoint& checkpoint, const ParameterLayout& layout,
                  const ParameterArena& parameters);

}  // namespace seve
