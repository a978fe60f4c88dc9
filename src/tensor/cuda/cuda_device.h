// The GPU of one rank: where its layers launch, with what they share. Made on the thread that uses
// it.
#pragma once

#include <memory>
#include <optional>

#include "tensor/cuda/cudnn.h"
#include "tensor/cuda/device_buffer.h"
#include "tensor/cuda/device_timeline.h"

namespace seve {

class CudaDevice {
 public:
  // Makes `ordinal` the calling thread's device; it has passed ProbeDevice (tensor/cuda_devices.h).
  explicit CudaDevice(int ordinal);
  // Waits for everything enqueued.
  ~CudaDevice();
  CudaDevice(const CudaDevice&) = delete;
  CudaDevice& operator=(const CudaDevice&) = delete;

  [[nodiscard]] int ordinal() const { return ordinal_; }
  [[nodiscard]] cudaStream_t stream() const { return stream_.get(); }
  [[nodiscard]] cublasLtHandle_t lt() const { return lt_.get(); }
  // Scratch of whatever runs in stream(): each kernel and product may use it whole, none finds
  // anything in it.
  [[nodiscard]] const DeviceBuffer& workspace() const { return workspace_; }
  // The same, `bytes` of it or more, where workspace() may be too small. Whoever asked keeps it:
  // what has been recorded with a smaller one goes on with that. Not during capture.
  [[nodiscard]] std::shared_ptr<const DeviceBuffer> Scratch(size_t bytes);
  // Made when it is first asked for, which takes a while.
  [[nodiscard]] const Cudnn& cudnn();
  [[nodiscard]] int multiprocessors() const { return multiprocessors_; }
  [[nodiscard]] DeviceTimeline& timeline() const { return timeline_; }

  // Waits for stream().
  void Synchronize() const;

 private:
  int ordinal_;
  Stream stream_;
  LtHandle lt_;
  DeviceBuffer workspace_;
  std::shared_ptr<const DeviceBuffer> scratch_;  // the largest so far
  std::optional<Cudnn> cudnn_;
  int multiprocessors_ = 0;
  mutable DeviceTimeline timeline_;
};

}  // namespace seve
