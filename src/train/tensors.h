// Parameters and optimizer state under the names they have in checkpoint files.
#pragma once

#include <vector>

#include "model/arenas.h"
#include "model/executor.h"
#include "model/graph.h"
#include "optim/optimizer.h"
#include "tensor/safetensors.h"

namespace seve {

// "hidden.weight", in the order in which the model runs.
std::vector<NamedTensor> ModelTensors(const ParameterLayout& layout, const ParameterArena& arena);

// "hidden.weight.momentum_buffer": views into the executor's state arenas.
std::vector<NamedTensor> OptimizerTensors(const ParameterLayout& layout, const Optimizer& optimizer,
                                          const Executor& executor);

// Copies a file's tensors into `destination`, by name. Throws Error(kUsage) naming the first tensor
// that is missing, misshapen or has no place; `file` is for the message.
void Restore(const SafetensorsFile& source, const std::string& file,
             const std::vector<NamedTensor>& destination);

}  // namespace seve
