#include "model/captures.h"

#include <cstring>

namespace seve {
namespace {

class CapturingLayer : public BoundLayer {
 public:
  CapturingLayer(std::unique_ptr<BoundLayer> layer, const LayerBinding& binding, int root,
                 Captures& captures)
      : layer_(std::move(layer)),
        output_(binding.output),
        gradient_(binding.output_gradient),
        captures_(captures),
        of_output_(captures.In(root, false)),
        of_gradient_(captures.In(root, true)) {}

  void Forward(const StepContext& context) override {
    layer_->Forward(context);
    for (const size_t index : of_output_) captures_.Take(index, output_);
  }

  // By now every reader of the output has added its part; this layer may overwrite the sum.
  void Backward(const StepContext& context) override {
    for (const size_t index : of_gradient_) captures_.Take(index, gradient_);
    layer_->Backward(context);
  }

 private:
  std::unique_ptr<BoundLayer> layer_;
  Tensor output_, gradient_;
  Captures& captures_;
  std::vector<size_t> of_output_, of_gradient_;
};

}  // namespace

Captures::Captures(const Graph& graph, std::vector<CapturedValue> wanted)
    : graph_(graph), wanted_(std::move(wanted)), copies_(wanted_.size()) {}

void Captures::Begin(bool on) {
  on_ = on;
  for (auto& copy : copies_) copy = {};
}

std::vector<size_t> Captures::In(int root, bool gradient) const {
  std::vector<size_t> indices;
  for (size_t i = 0; i < wanted_.size(); ++i) {
    if (wanted_[i].gradient == gradient && graph_.Root(wanted_[i].value) == root) {
      indices.push_back(i);
    }
  }
  return indices;
}

void Captures::Take(size_t index, const Tensor& tensor) {
  if (!on_) return;
  auto& copy = copies_[index];
  const Value& value = graph_.values[static_cast<size_t>(wanted_[index].value)];
  const size_t before = copy.size();
  copy.resize(before + static_cast<size_t>(tensor.elements()) * SizeOf(value.dtype));
  if (reader_) {
    reader_(tensor, wanted_[index].gradient, copy.data() + before);
  } else {
    std::memcpy(copy.data() + before, tensor.memory(), tensor.bytes());
  }
}

std::unique_ptr<BoundLayer> Capturing(std::unique_ptr<BoundLayer> layer,
                                      const LayerBinding& binding, int root, Captures& captures) {
  return std::make_unique<CapturingLayer>(std::move(layer), binding, root, captures);
}

}  // namespace seve
