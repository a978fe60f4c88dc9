#include "model/cuda/traced_layer.h"

#include "tensor/cuda/device_range.h"

namespace seve {
namespace {

class TracedLayer : public BoundLayer {
 public:
  TracedLayer(std::unique_ptr<BoundLayer> layer, const char* name, const CudaDevice& device)
      : layer_(std::move(layer)), name_(name), device_(device) {}

  void Forward(const StepContext& context) override {
    const DeviceRange range(device_, device_.stream(), Trace::Row::kLayer, name_, "forward");
    layer_->Forward(context);
  }
  void Backward(const StepContext& context) override {
    const DeviceRange range(device_, device_.stream(), Trace::Row::kLayer, name_, "backward");
    layer_->Backward(context);
  }

 private:
  std::unique_ptr<BoundLayer> layer_;
  const char* name_;
  const CudaDevice& device_;
};

}  // namespace

std::unique_ptr<BoundLayer> Traced(std::unique_ptr<BoundLayer> layer, const char* name,
                                   const CudaDevice& device) {
  return std::make_unique<TracedLayer>(std::move(layer), name, device);
}

}  // namespace seve
