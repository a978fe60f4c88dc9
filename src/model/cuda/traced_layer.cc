#include "model/cuda/traced_layer.h"

#include "tensor/cuda/nvtx_range.h"

namespace seve {
namespace {

class TracedLayer : public BoundLayer {
 public:
  TracedLayer(std::unique_ptr<BoundLayer> layer, const std::string& name)
      : layer_(std::move(layer)), forward_(name + " forward"), backward_(name + " backward") {}

  void Forward(const StepContext& context) override {
    const NvtxRange range(forward_.c_str());
    layer_->Forward(context);
  }
  void Backward(const StepContext& context) override {
    const NvtxRange range(backward_.c_str());
    layer_->Backward(context);
  }

 private:
  std::unique_ptr<BoundLayer> layer_;
  std::string forward_, backward_;
};

}  // namespace

std::unique_ptr<BoundLayer> Traced(std::unique_ptr<BoundLayer> layer, const std::string& name) {
  return std::make_unique<TracedLayer>(std::move(layer), name);
}

}  // namespace seve
