#include "model/topological_order.h"

#include <algorithm>

namespace seve {
namespace {

enum class Mark { kNew, kOpen, kDone };

struct Visit {
  const std::vector<std::string>& names;
  const std::vector<std::vector<std::string>>& inputs;
  std::vector<Mark> marks;
  std::vector<int> path;
  TopologicalOrder& order;

  void Enter(int index) {
    const auto at = static_cast<size_t>(index);
    if (!order.cycle.empty() || marks[at] == Mark::kDone) return;
    if (marks[at] == Mark::kOpen) {
      const auto start = std::find(path.begin(), path.end(), index);
      for (auto it = start; it != path.end(); ++it) {
        order.cycle.push_back(names[static_cast<size_t>(*it)]);
      }
      order.cycle.push_back(names[at]);
      return;
    }
    marks[at] = Mark::kOpen;
    path.push_back(index);
    for (const auto& input : inputs[at]) {
      const auto found = std::find(names.begin(), names.end(), input);
      if (found != names.end()) Enter(static_cast<int>(found - names.begin()));
    }
    path.pop_back();
    marks[at] = Mark::kDone;
    order.indices.push_back(index);
  }
};

}  // namespace

TopologicalOrder::TopologicalOrder(const std::vector<std::string>& names,
                                   const std::vector<std::vector<std::string>>& inputs) {
  Visit visit{names, inputs, std::vector<Mark>(names.size(), Mark::kNew), {}, *this};
  for (size_t i = 0; i < names.size(); ++i) visit.Enter(static_cast<int>(i));
}

}  // namespace seve
