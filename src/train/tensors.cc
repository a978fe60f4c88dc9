#include "train/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace seve {

std::vector<NamedTensor> ModelTensors(const ParameterLayout& layout, const ParameterArena& arena) {
  std::vector<const Parameter*> ordered;
  for (const auto& parameter : layout.parameters) ordered.push_back(&parameter);
  std::ranges::stable_sort(ordered, {}, [](const Parameter* parameter) {
    return std::pair(parameter->node, parameter->index);
  });
  std::vector<NamedTensor> tensors;
  for (const auto* parameter : ordered) tensors.push_back({parameter->name, arena.At(*parameter)});
  return tensors;
}

std::vector<NamedTensor> OptimizerTensors(const ParameterLayout& layout, const Optimizer& optimizer,
                                          const Executor& executor) {
  std::vector<NamedTensor> tensors;
  const auto names = optimizer.StateNames();
  for (const auto& parameter : layout.parameters) {
    if (!parameter.Learns()) continue;
    for (size_t i = 0; i < names.size(); ++i) {
      auto* values = executor.OptimizerState(i).data() + parameter.offset;
      tensors.push_back(
          {parameter.name + "." + names[i], Tensor(values, DType::kFloat32, parameter.spec.shape)});
    }
  }
  return tensors;
}

void Restore(const SafetensorsFile& source, const std::string& file,
             const std::vector<NamedTensor>& destination) {
  for (const auto& [name, tensor] : destination) {
    const Tensor* found = source.Find(name);
    if (found == nullptr) {
      ThrowUsage(
          fmt::format("{}: tensor '{}' of the model is not in the file: it belongs to another "
                      "configuration",
                      file, name));
    }
    if (found->shape() != tensor.shape() || found->dtype() != tensor.dtype()) {
      ThrowUsage(fmt::format("{}: tensor '{}' has shape {} {}, the model needs {} {}", file, name,
                             found->shape().ToString(), NameOf(found->dtype()),
                             tensor.shape().ToString(), NameOf(tensor.dtype())));
    }
    std::memcpy(tensor.memory(), found->memory(), tensor.bytes());
  }
  if (source.tensors.size() == destination.size()) return;
  for (const auto& [name, tensor] : source.tensors) {
    if (std::ranges::find(destination, name, &NamedTensor::name) != destination.end()) continue;
    ThrowUsage(
        fmt::format("{}: tensor '{}' has no place in the model: it belongs to another "
                    "configuration",
                    file, name));
  }
}

}  // namespace seve
