#include "model/cuda/cuda_pass.h"

#include "model/cuda/host_tensor.h"

namespace seve {
namespace {

class CudaPass : public Pass {
 public:
  CudaPass(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const DeviceReplica& replica, const CudaScope& scope)
      : device_(scope.device),
        memory_(layout.bytes),
        sums_(graph.losses.size() * sizeof(LossSums)),
        plan_(graph, parameters, layout, replica, 0, memory_.data(), sums_.As<LossSums>(), scope),
        losses_(graph.losses.size()) {
    for (size_t i = 0; i < graph.fields; ++i) {
      const Value& value = graph.values[i];
      const Shape shape = value.shape.WithRows(layout.rows);
      host_.emplace_back(static_cast<size_t>(shape.elements()) * SizeOf(value.dtype));
      inputs_.emplace_back(host_.back().data(), value.dtype, shape);
    }
    scores_ = OnHost(plan_.scores());
    target_ = OnHost(plan_.target());
  }

  int64_t rows() const override { return plan_.rows(); }
  const Batch& inputs() const override { return inputs_; }
  const Tensor& scores() const override { return scores_; }
  const Tensor& target() const override { return target_; }

  LossSums Run(int64_t /*position*/) override {
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (plan_.inputs()[i].present()) CopyFromHost(inputs_[i], plan_.inputs()[i], device_);
    }
    plan_.Forward();
    CopyToHost(plan_.scores(), static_cast<std::byte*>(scores_.memory()), device_);
    CopyToHost(plan_.target(), static_cast<std::byte*>(target_.memory()), device_);
    CopyToHost(sums_.data(), std::as_writable_bytes(std::span(losses_)), device_.stream());
    LossSums sums = losses_.front();
    for (size_t i = 1; i < losses_.size(); ++i) sums.loss += losses_[i].loss;
    return sums;
  }

 private:
  // Memory for a tensor of the plan: float32 in place of a narrower type.
  Tensor OnHost(const Tensor& tensor) {
    const DType type = tensor.dtype() == DType::kInt32 ? DType::kInt32 : DType::kFloat32;
    host_.emplace_back(static_cast<size_t>(tensor.elements()) * SizeOf(type));
    return {host_.back().data(), type, tensor.shape()};
  }

  const CudaDevice& device_;
  DeviceBuffer memory_, sums_;
  CudaPlan plan_;
  std::vector<LossSums> losses_;
  std::vector<PinnedBuffer> host_;
  Batch inputs_;
  Tensor scores_, target_;
};

}  // namespace

std::unique_ptr<Pass> MakeCudaPass(const Graph& graph, const ParameterLayout& layout,
                                   const DeviceReplica& replica, const CudaScope& scope,
                                   int64_t rows) {
  const auto plan =
      LayOutPlan(graph, layout, rows, PlanMode::kEvaluation, ActivationType(scope.precision));
  return std::make_unique<CudaPass>(graph, layout, plan, replica, scope);
}

}  // namespace seve
