// A layer: what it computes, independent of device, batch and memory; and a bound layer: the same
// compiled for fixed memory and a fixed number of samples, which is what a plan replays.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/trace.h"
#include "layers/parameter.h"
#include "layers/statistics_reducer.h"
#include "tensor/tensor.h"

namespace seve {

// Where in training a forward or backward pass stands: all that a random draw may depend on.
struct StepContext {
  uint64_t seed = 0;
  int64_t epoch = 0;
  int64_t position = 0;     // of the first sample of this micro-batch in the epoch's global order
  bool accumulate = false;  // add parameter gradients to what is there instead of overwriting it
  Trace* trace = nullptr;   // of what runs when, in steps that are traced
};

// The part of it that differs from micro-batch to micro-batch: on a GPU, kernels read it there
// (CudaScope), so that one recorded step serves all.
struct SamplePlace {
  int64_t epoch = 0;
  int64_t position = 0;
};

// The memory a bound layer works on. On a GPU it is memory of the GPU, and every float32 tensor but
// the parameter gradients and statistics has the type of activations of the precision. N = rows.
// Absent tensors (present() == false) mean "not needed".
struct LayerBinding {
  int64_t rows = 0;
  bool training = false;   // false: evaluation; gradients may then be absent
  uint64_t name_hash = 0;  // NameHash of the layer's name: keys its random streams

  std::vector<Tensor> inputs;  // (N, input shape) each
  Tensor output;               // (N, output shape)
  Tensor output_gradient;      // (N, output shape); Backward may overwrite it with scratch values

  std::vector<Tensor> input_gradients;   // as inputs; absent where nobody needs it
  std::vector<bool> add_input_gradient;  // add to what is there (the input feeds several layers)

  std::vector<Tensor> parameters;           // in the order of Layer::Parameters()
  std::vector<Tensor> parameter_gradients;  // absent where frozen

  // Of all ranks, whose micro-batches have one mean and variance then; null: each has its own.
  StatisticsReducer* statistics = nullptr;

  Tensor workspace;  // kUint8, Layer::WorkspaceBytes(rows), kept from Forward to Backward
};

// The layer after another, when it works on that one's output a few samples at a time, while they
// lie in a cache.
class Follower {
 public:
  virtual ~Follower() = default;
  // At binding: so many samples at a time, at most.
  virtual void Prepare(int64_t rows) = 0;
  // In the forward pass: `rows` samples from `first` on are there.
  virtual void See(int64_t first, int64_t rows) = 0;
  // In the backward pass, after its own: their gradient, as it will be until the next call.
  virtual const float* Gradient(int64_t first, int64_t rows) = 0;
};

class BoundLayer {
 public:
  virtual ~BoundLayer() = default;
  virtual void Forward(const StepContext& context) = 0;
  // Reads inputs, output, workspace and output_gradient of the latest Forward. Parameter gradients
  // are sums over the samples, never means: the divisor is folded into the optimizer's scale.
  virtual void Backward(const StepContext& context) = 0;

  // Where Layer::CanFollow(): from now on it gives its first input's gradient that way alone.
  virtual Follower* Follow() { return nullptr; }
  // Where Layer::TakesFollower(): `follower`, which outlives it, sees the output and gives its
  // gradient; output_gradient is absent then.
  virtual void TakeFollower(Follower* /*follower*/) {}
};

struct Activation;  // layers/activation_functions.h
struct CudaScope;   // layers/cuda/cuda_scope.h

class Layer {
 public:
  virtual ~Layer() = default;

  // The name of its message in layers.proto: "linear".
  [[nodiscard]] virtual std::string_view kind() const = 0;

  // Shape of one sample of the output, without the batch axis.
  [[nodiscard]] virtual const Shape& output() const = 0;

  [[nodiscard]] virtual std::vector<ParameterSpec> Parameters() const { return {}; }

  // True when the output is the input's memory under another shape; such a layer is never bound.
  [[nodiscard]] virtual bool IsView() const { return false; }

  // What the backward pass reads besides output_gradient: lets the plan reuse the rest.
  [[nodiscard]] virtual bool BackwardReadsInputs() const { return true; }
  [[nodiscard]] virtual bool BackwardReadsOutput() const { return true; }

  // Whether the layer before, or after, may work hand in hand with this one on a CPU (Follower).
  // The bits are the same.
  [[nodiscard]] virtual bool CanFollow() const { return false; }
  [[nodiscard]] virtual bool TakesFollower() const { return false; }

  // Why `reproducible` cannot have this layer, for a message ("it synchronises statistics in an
  // order of its own"); empty when what it computes of a micro-batch depends on that micro-batch
  // and the parameters alone, in every bit.
  [[nodiscard]] virtual std::string_view WhyNotReproducible() const { return {}; }

  [[nodiscard]] virtual size_t WorkspaceBytes(int64_t /*rows*/) const { return 0; }

  // The same with a second input, which is added before `activation`, where that takes fewer passes
  // over memory than a layer of its own; else null. Without rounding, one gives what both give.
  [[nodiscard]] virtual std::unique_ptr<Layer> WithSum(const Activation& /*activation*/) const {
    return nullptr;
  }

  // Floating-point operations of one sample's forward pass (a multiply-add counts two).
  [[nodiscard]] virtual int64_t FlopsPerSample() const { return 0; }

  [[nodiscard]] virtual std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const = 0;

  // The same on a GPU: Forward and Backward enqueue and read epoch and position from the scope
  // instead of the context. Throws Error(kUsage) naming the layer where it has no CUDA half.
  [[nodiscard]] virtual std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                             const CudaScope& scope) const;
};

}  // namespace seve
