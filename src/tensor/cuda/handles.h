// Owners of CUDA's handles, one template for all of them. Move-only.
#pragma once

#include <memory>
#include <type_traits>

#include "tensor/cuda/check.h"

namespace seve {

template <auto Destroy>
struct DestroyHandle {
  template <typename Handle>
  void operator()(Handle handle) const noexcept {
    using Status = decltype(Destroy(handle));
    if constexpr (std::is_same_v<Status, cudaError_t>) {
      NoteCuda(Destroy(handle), "a CUDA handle could not be destroyed");
    } else {
      static_cast<void>(Destroy(handle));
    }
  }
};

template <typename Handle, auto Destroy>
using CudaHandle = std::unique_ptr<std::remove_pointer_t<Handle>, DestroyHandle<Destroy>>;

using Stream = CudaHandle<cudaStream_t, cudaStreamDestroy>;
using Event = CudaHandle<cudaEvent_t, cudaEventDestroy>;
using CudaGraph = CudaHandle<cudaGraph_t, cudaGraphDestroy>;
using CudaGraphExec = CudaHandle<cudaGraphExec_t, cudaGraphExecDestroy>;
using LtHandle = CudaHandle<cublasLtHandle_t, cublasLtDestroy>;

// Does not wait for the legacy stream. `urgent`: the highest priority there is.
[[nodiscard]] Stream MakeStream(bool urgent = false);
// Without timing.
[[nodiscard]] Event MakeEvent();
[[nodiscard]] Event MakeTimingEvent();
[[nodiscard]] LtHandle MakeLtHandle();

// `second` goes on once `first` has come to where it is now; `event` carries the word.
void Join(cudaStream_t first, cudaStream_t second, const Event& event);

}  // namespace seve
