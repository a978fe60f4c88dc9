#include "train/dump_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "model/plan_layout.h"

namespace seve {
namespace {

constexpr std::string_view kGradient = ".gradient";

[[noreturn]] void Fail(const std::string& text, const std::string& why) {
  ThrowUsage(fmt::format("--dump {}: {}", text, why));
}

int64_t ParseStep(const std::string& text, std::string_view digits) {
  int64_t step = -1;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), step);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || step < 0) {
    Fail(text, "after '@' comes the number of a step, for example hidden.gradient@100");
  }
  return step;
}

template <typename Items>
auto FindNamed(const Items& items, const std::string& name) {
  return std::ranges::find_if(items, [&](const auto& item) { return item.name == name; });
}

std::vector<std::string> Names(const Graph& graph, const ParameterLayout& layout) {
  std::vector<std::string> names;
  for (const auto& value : graph.values) names.push_back(value.name);
  for (const auto& parameter : layout.parameters) names.push_back(parameter.name);
  return names;
}

// Whether backward computes the gradient in this value.
bool HasGradient(const Graph& graph, const ParameterLayout& layout, int value) {
  const auto plan = LayOutPlan(graph, layout, 1, PlanMode::kTraining);
  return plan.gradients[static_cast<size_t>(graph.Root(value))].has_value();
}

}  // namespace

DumpRequest ParseDumpRequest(const std::string& text, const Graph& graph,
                             const ParameterLayout& layout, int64_t total_steps) {
  const size_t at = text.rfind('@');
  if (at == std::string::npos) Fail(text, "say of which step, for example " + text + "@100");
  DumpRequest request;
  request.tensor = text.substr(0, at);
  request.step = ParseStep(text, std::string_view(text).substr(at + 1));
  std::string name = request.tensor;
  if (name.ends_with(kGradient)) {
    request.gradient = true;
    name.resize(name.size() - kGradient.size());
  }
  const auto value = FindNamed(graph.values, name);
  const auto parameter = FindNamed(layout.parameters, name);
  if (value != graph.values.end()) {
    request.value = static_cast<int>(value - graph.values.begin());
    if (request.gradient && !HasGradient(graph, layout, request.value)) {
      Fail(text, "no gradient is computed in '" + name + "', as nothing before it learns");
    }
  } else if (parameter != layout.parameters.end()) {
    request.parameter = &*parameter;
    if (request.gradient && !parameter->Learns()) {
      const char* why = parameter->IsStatistic() ? "a running statistic" : "frozen";
      Fail(text, "'" + name + "' is " + why + " and has no gradient");
    }
  } else {
    Fail(text, "there is no '" + name + "'; " + Suggest(name, Names(graph, layout)));
  }
  const int64_t first = request.IsParameterValue() ? 0 : 1;
  if (request.step < first || request.step > total_steps) {
    Fail(text, fmt::format("the run has steps {} to {}", first, total_steps));
  }
  return request;
}

}  // namespace seve
