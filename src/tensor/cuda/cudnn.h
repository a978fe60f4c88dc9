// cuDNN on one GPU. Without its header: cudnn/ or no_cudnn/ stands behind it.
#pragma once

#include <cuda_runtime_api.h>

#include <memory>

struct cudnnContext;  // what a cudnnHandle_t points to

namespace seve {

class Cudnn {
 public:
  // Of the calling thread's device, working in `stream`. Throws Error(kUsage) where this binary was
  // built without cuDNN, or the machine's is another than it needs.
  explicit Cudnn(cudaStream_t stream);

  [[nodiscard]] cudnnContext* handle() const { return handle_.get(); }

 private:
  struct Destroy {
    void operator()(cudnnContext* handle) const noexcept;
  };
  std::unique_ptr<cudnnContext, Destroy> handle_;
};

}  // namespace seve
