// Work that streams hand to a graph instead of running it.
#pragma once

#include <cuda_runtime_api.h>

#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

struct CUgraphNode_st {
  std::function<void()> work;  // none: where a stream joined the capture
  std::vector<size_t> after;   // places of nodes of the same graph
};

struct CUgraph_st {
  std::vector<std::unique_ptr<CUgraphNode_st>> nodes;  // none before those it comes after
};

namespace seve::emulator {

// Guarded by StateLock (state.h).
class Capture {
 public:
  using Nodes = std::vector<size_t>;

  Capture(cudaStream_t origin, cudaStreamCaptureMode mode) : origin(origin), mode(mode) {}

  // Adds a node and makes it the last of its stream.
  void Add(std::function<void()> work, Nodes* last);
  // Whether everything in the graph comes before one of these nodes.
  [[nodiscard]] bool AllLeadTo(const Nodes& nodes) const;

  const cudaStream_t origin;
  const cudaStreamCaptureMode mode;
  const std::thread::id thread = std::this_thread::get_id();
  std::unique_ptr<CUgraph_st> graph = std::make_unique<CUgraph_st>();
  std::set<cudaStream_t> members;
  bool invalid = false;
  bool ended = false;
};

// The graph's work in an order that its edges allow: of nodes that may run, always the one captured
// last, so that work which nobody waits for comes late and a missing edge shows.
std::vector<std::function<void()>> LateOrder(const CUgraph_st& graph);

}  // namespace seve::emulator
