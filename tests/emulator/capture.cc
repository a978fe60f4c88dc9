#include "capture.h"

#include <queue>
#include <utility>

namespace seve::emulator {

void Capture::Add(std::function<void()> work, Nodes* last) {
  graph->nodes.push_back(std::make_unique<CUgraphNode_st>(CUgraphNode_st{std::move(work), *last}));
  *last = {graph->nodes.size() - 1};
}

bool Capture::AllLeadTo(const Nodes& nodes) const {
  std::vector<bool> leads(graph->nodes.size());
  for (const size_t node : nodes) leads[node] = true;
  for (size_t node = leads.size(); node-- > 0;) {
    if (!leads[node]) return false;
    for (const size_t before : graph->nodes[node]->after) leads[before] = true;
  }
  return true;
}

std::vector<std::function<void()>> LateOrder(const CUgraph_st& graph) {
  std::vector<size_t> missing(graph.nodes.size());
  std::vector<std::vector<size_t>> followers(graph.nodes.size());
  std::priority_queue<size_t> ready;
  for (size_t node = 0; node < graph.nodes.size(); ++node) {
    missing[node] = graph.nodes[node]->after.size();
    for (const size_t before : graph.nodes[node]->after) followers[before].push_back(node);
    if (missing[node] == 0) ready.push(node);
  }
  std::vector<std::function<void()>> order;
  while (!ready.empty()) {
    const size_t node = ready.top();
    ready.pop();
    if (graph.nodes[node]->work) order.push_back(graph.nodes[node]->work);
    for (const size_t follower : followers[node]) {
      if (--missing[follower] == 0) ready.push(follower);
    }
  }
  return order;
}

}  // namespace seve::emulator
