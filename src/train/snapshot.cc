#include "train/snapshot.h"

#include <fmt/format.h>

#include "train/tensors.h"

namespace seve {

CheckpointContent TakeSnapshot(const Setup& setup, const ParameterArena& parameters,
                               const CpuExecutor& executor, config::TrainingState state) {
  state.set_format(1);
  state.set_plan_hash(setup.layout.Hash());
  state.set_data_hash(setup.data.train->ContentHash());
  return {.model = ModelTensors(setup.layout, parameters),
          .optimizer = OptimizerTensors(setup.layout, *setup.optimizer, executor),
          .state = std::move(state)};
}

void RestoreSnapshot(const Setup& setup, const LoadedCheckpoint& checkpoint,
                     const ParameterArena& parameters, const CpuExecutor& executor) {
  const auto model = ModelTensors(setup.layout, parameters);
  Restore(checkpoint.model, checkpoint.path + "/model.safetensors", model);
  Restore(checkpoint.optimizer, checkpoint.path + "/optimizer.safetensors",
          OptimizerTensors(setup.layout, *setup.optimizer, executor));
  if (checkpoint.state.data_hash() == setup.data.train->ContentHash()) return;
  ThrowUsage(
      fmt::format("{}: this run was trained on other data than {}: go on with the same data, or "
                  "start anew with --overwrite",
                  checkpoint.path, setup.data.train->Describe()));
}

}  // namespace seve
