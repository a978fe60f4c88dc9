#include "model/parameter_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/philox.h"
#include "base/text.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr size_t kAlignedFloats = kAlignment / sizeof(float);

// Not biases, and not the gains and shifts of normalisation, which may have several axes.
bool IsWeight(const Layer& layer, const ParameterSpec& spec) {
  return spec.shape.rank() >= 2 && !layer.kind().ends_with("_norm");
}

std::vector<Parameter> ParametersInBackwardOrder(const Graph& graph, float default_weight_decay,
                                                 config::Decayed decayed) {
  std::vector<Parameter> parameters;
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const auto specs = graph.nodes[i].layer->Parameters();
    for (size_t k = 0; k < specs.size(); ++k) {
      Parameter parameter;
      parameter.name = graph.nodes[i].name + "." + specs[k].name;
      parameter.spec = specs[k];
      parameter.node = static_cast<int>(i);
      parameter.index = k;
      parameter.count = static_cast<size_t>(specs[k].shape.elements());
      if (decayed == config::EVERYTHING || IsWeight(*graph.nodes[i].layer, specs[k])) {
        parameter.weight_decay = default_weight_decay;
      }
      parameters.push_back(std::move(parameter));
    }
  }
  return parameters;
}

// The parameters whose name matches the pattern at `path`; throws when there are none.
std::vector<Parameter*> Matching(std::vector<Parameter>& parameters, const std::string& pattern,
                                 const Configuration& configuration, const std::string& path) {
  std::vector<Parameter*> matching;
  std::vector<std::string> names;
  for (auto& parameter : parameters) {
    names.push_back(parameter.name);
    if (GlobMatches(pattern, parameter.name)) matching.push_back(&parameter);
  }
  if (matching.empty()) {
    ThrowUsage(fmt::format("{}: `match: \"{}\"` matches no parameter; {}",
                           configuration.source.Where(path), pattern, Suggest(pattern, names)));
  }
  return matching;
}

void ApplyGroup(std::vector<Parameter>& parameters, const Configuration& configuration, int index) {
  const auto& group = configuration.proto.parameters(index);
  const auto path = fmt::format("parameters[{}].match", index);
  bool does_something = group.has_frozen();
  for (Parameter* parameter : Matching(parameters, group.match(), configuration, path)) {
    if (group.has_frozen()) parameter->frozen = group.frozen();
    if (parameter->IsStatistic()) continue;
    does_something = true;
    if (group.has_learning_rate_scale()) {
      parameter->learning_rate_scale = group.learning_rate_scale();
    }
    if (group.has_weight_decay()) parameter->weight_decay = group.weight_decay();
  }
  if (does_something) return;
  ThrowUsage(
      fmt::format("{}: `match: \"{}\"` matches running statistics alone, which have neither a "
                  "learning rate nor weight decay: they can only be frozen",
                  configuration.source.Where(path), group.match()));
}

void ApplyPenalty(std::vector<Parameter>& parameters, const Configuration& configuration,
                  int index) {
  const auto& penalty = configuration.proto.penalty(index);
  const auto path = fmt::format("penalty[{}].match", index);
  bool trained = false;
  for (Parameter* parameter : Matching(parameters, penalty.match(), configuration, path)) {
    if (parameter->IsStatistic()) continue;
    parameter->l1 += penalty.l1();
    parameter->l2 += penalty.l2();
    trained |= !parameter->frozen;
  }
  if (trained) return;
  ThrowUsage(
      fmt::format("{}: `match: \"{}\"` of a penalty matches frozen parameters alone or "
                  "running statistics, which it cannot move",
                  configuration.source.Where(path), penalty.match()));
}

void AppendSlice(std::vector<UpdateSlice>& slices, const Parameter& parameter, size_t end) {
  UpdateSlice slice{.begin = parameter.offset, .end = end};
  if (parameter.IsStatistic()) {
    slice.role = ParameterRole::kStatistic;
    slice.momentum = parameter.spec.momentum;
  } else {
    slice.learning_rate_scale = parameter.learning_rate_scale;
    slice.weight_decay = parameter.weight_decay;
  }
  const auto setting = [](const UpdateSlice& of) {
    return std::tuple(of.role, of.momentum, of.learning_rate_scale, of.weight_decay);
  };
  if (!slices.empty() && setting(slices.back()) == setting(slice)) {
    slices.back().end = end;
  } else {
    slices.push_back(slice);
  }
}

// The sum of `count` over the parameters that `which` says.
template <typename Which>
int64_t CountOf(const std::vector<Parameter>& parameters, Which which) {
  int64_t count = 0;
  for (const auto& parameter : parameters) {
    if (which(parameter)) count += static_cast<int64_t>(parameter.count);
  }
  return count;
}

}  // namespace

int64_t ParameterLayout::Count() const {
  return CountOf(parameters, [](const Parameter& one) { return !one.IsStatistic(); });
}

int64_t ParameterLayout::TrainableCount() const {
  return CountOf(parameters, [](const Parameter& one) { return one.Learns(); });
}

int64_t ParameterLayout::StatisticCount() const {
  return CountOf(parameters, [](const Parameter& one) { return one.IsStatistic(); });
}

uint64_t ParameterLayout::Hash() const {
  std::string text;
  for (const auto& parameter : parameters) {
    text += fmt::format("{} {} {} {}\n", parameter.name, parameter.spec.shape.ToString(),
                        parameter.frozen, parameter.offset);
  }
  return NameHash(text);
}

ParameterLayout LayOutParameters(const Graph& graph, const Configuration& configuration,
                                 float default_weight_decay) {
  auto all = ParametersInBackwardOrder(graph, default_weight_decay,
                                       configuration.proto.optimizer().decayed());
  for (int i = 0; i < configuration.proto.parameters_size(); ++i) {
    ApplyGroup(all, configuration, i);
  }
  for (int i = 0; i < configuration.proto.penalty_size(); ++i) ApplyPenalty(all, configuration, i);
  std::ranges::stable_partition(all, [](const Parameter& one) { return one.Learns(); });
  ParameterLayout layout;
  for (const bool frozen : {false, true}) {
    size_t& floats = frozen ? layout.frozen_floats : layout.trainable_floats;
    for (auto& parameter : all) {
      if (parameter.frozen != frozen) continue;
      parameter.offset = floats;
      floats += AlignUp(parameter.count, kAlignedFloats);
      if (!frozen) AppendSlice(layout.slices, parameter, floats);
      if (parameter.Learns()) layout.learned_floats = floats;
      layout.parameters.push_back(parameter);
    }
  }
  if (layout.learned_floats == 0) {
    ThrowUsage(configuration.source.Where("model") +
               ": the model has no trainable parameter: there is nothing to learn");
  }
  return layout;
}

}  // namespace seve
