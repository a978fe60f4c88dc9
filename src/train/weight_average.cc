#include "train/weight_average.h"

#include <algorithm>

#include "optim/averaged.h"
#include "train/tensors.h"

namespace seve {
namespace {

// Running statistics are averages already.
bool IsAveraged(const Parameter& parameter) {
  return !parameter.frozen && parameter.spec.role == ParameterRole::kLearned;
}

// Which of the optimizer's states the averages are; the number of states where none is.
size_t StateOf(const Optimizer& optimizer) {
  const auto names = optimizer.StateNames();
  return static_cast<size_t>(std::ranges::find(names, kAverageState) - names.begin());
}

void Exchange(const ParameterLayout& layout, std::span<float> parameters,
              std::span<float> averages) {
  for (const Parameter& parameter : layout.parameters) {
    if (!IsAveraged(parameter)) continue;
    std::ranges::swap_ranges(parameters.subspan(parameter.offset, parameter.count),
                             averages.subspan(parameter.offset, parameter.count));
  }
}

}  // namespace

void WithAverages(const Setup& setup, const ParameterArena& parameters, Executor& executor,
                  int64_t step, const std::function<void()>& look) {
  const size_t state = StateOf(*setup.optimizer);
  if (step == 0 || state == setup.optimizer->StateNames().size()) return look();
  executor.Download();
  Exchange(setup.layout, parameters.trainable(), executor.OptimizerState(state));
  executor.Upload();
  look();
  Exchange(setup.layout, parameters.trainable(), executor.OptimizerState(state));
  executor.Upload();
}

std::vector<NamedTensor> TrainedTensors(const LoadedCheckpoint& checkpoint) {
  auto tensors = checkpoint.model.tensors;
  for (auto& [name, tensor] : tensors) {
    const Tensor* average = checkpoint.optimizer.Find(name + "." + kAverageState);
    if (average != nullptr) tensor = *average;
  }
  return tensors;
}

void RestoreModel(const LoadedCheckpoint& checkpoint, const ParameterLayout& layout,
                  const ParameterArena& parameters) {
  SafetensorsFile trained;
  trained.tensors = TrainedTensors(checkpoint);
  Restore(trained, checkpoint.path + "/model.safetensors", ModelTensors(layout, parameters));
}

}  // namespace seve
