// Copies of chosen tensors while a step runs: what `--dump` writes out.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "layers/layer.h"
#include "model/graph.h"

namespace seve {

// A value of the graph (a layer's output or a field of the data), or the gradient of the summed
// loss in it.
struct CapturedValue {
  int value = 0;
  bool gradient = false;
};

class Captures {
 public:
  // `graph` must outlive it. A gradient must be one that backward computes.
  Captures(const Graph& graph, std::vector<CapturedValue> wanted);

  // Before a step: frees the copies before; with `on` makes new ones in it.
  void Begin(bool on);

  [[nodiscard]] const std::vector<CapturedValue>& wanted() const { return wanted_; }
  // The rows of this rank's micro-batches, one after the other.
  [[nodiscard]] std::span<const std::byte> bytes(size_t index) const { return copies_[index]; }

  // For the plan: the wanted values that lie in `root`'s memory.
  [[nodiscard]] std::vector<size_t> In(int root, bool gradient) const;
  // How a tensor, a gradient or not, comes to the host, `out` having room for it in the graph's
  // type; unset: it is there.
  using Reader = std::function<void(const Tensor& tensor, bool gradient, std::byte* out)>;
  void ReadWith(Reader reader) { reader_ = std::move(reader); }
  [[nodiscard]] bool on() const { return on_; }
  // Appends the tensor's rows to copy `index`, in a step that is captured.
  void Take(size_t index, const Tensor& tensor);

 private:
  const Graph& graph_;
  std::vector<CapturedValue> wanted_;
  std::vector<std::vector<std::byte>> copies_;
  Reader reader_;
  bool on_ = false;
};

// A layer whose output and output gradient are copied as they become final.
std::unique_ptr<BoundLayer> Capturing(std::unique_ptr<BoundLayer> layer,
                                      const LayerBinding& binding, int root, Captures& captures);

}  // namespace seve
