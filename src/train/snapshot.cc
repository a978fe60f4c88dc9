#include "train/snapshot.h"

#include <fmt/format.h>

#include "train/tensors.h"

namespace seve {
namespace {

// Goes on only with what the run began with; otherwise samples would be seen twice or never.
template <typename T>
void CheckSame(const std::string& path, const char* what, T then, T now) {
  if (then == now) return;
  ThrowUsage(
      fmt::format("{}: this run was trained with {} {}, the configuration now gives {}: go on with "
                  "the same, or start anew with --overwrite",
                  path, what, then, now));
}

// What the bits of a reproducible run depend on; 0 for other runs.
int64_t ReproducibleMicroBatches(const Setup& setup) {
  const auto& config = setup.configuration.proto;
  return config.reproducible() ? config.batch().micro_batches() : 0;
}

}  // namespace

CheckpointContent TakeSnapshot(const Setup& setup, const BatchGeometry& geometry,
                               const ParameterArena& parameters, const Executor& executor,
                               config::TrainingState state) {
  state.set_data_hash(setup.data.train->ContentHash());
  state.set_seed(setup.configuration.proto.seed());
  state.set_batch(geometry.batch());
  state.set_train_samples(setup.sampler.train_size());
  state.set_micro_batches(ReproducibleMicroBatches(setup));
  return {.model = ModelTensors(setup.layout, parameters),
          .optimizer = OptimizerTensors(setup.layout, *setup.optimizer, executor),
          .state = std::move(state)};
}

void RestoreSnapshot(const Setup& setup, const BatchGeometry& geometry,
                     const LoadedCheckpoint& checkpoint, const ParameterArena& parameters,
                     const Executor& executor) {
  const auto& state = checkpoint.state;
  const auto& path = checkpoint.path;
  CheckSame<uint64_t>(path, "seed", state.seed(), setup.configuration.proto.seed());
  CheckSame(path, "a global batch of", state.batch(), geometry.batch());
  CheckSame(path, "a training split of", state.train_samples(), setup.sampler.train_size());
  CheckSame<int64_t>(path, "micro-batches for reproducible (0: without it):", state.micro_batches(),
                     ReproducibleMicroBatches(setup));
  if (state.data_hash() != setup.data.train->ContentHash()) {
    ThrowUsage(
        fmt::format("{}: this run was trained on other data than {}: go on with the same, or start "
                    "anew with --overwrite",
                    path, setup.data.train->Describe()));
  }
  const auto model = ModelTensors(setup.layout, parameters);
  Restore(checkpoint.model, path + "/model.safetensors", model);
  Restore(checkpoint.optimizer, path + "/optimizer.safetensors",
          OptimizerTensors(setup.layout, *setup.optimizer, executor));
}

}  // namespace seve
