// What is enqueued from here to the end of the scope, under a name in a profiler's timeline (NVTX)
// and in a trace.
#pragma once

#include <fmt/format.h>

#include "tensor/cuda/cuda_device.h"
#include "tensor/cuda/nvtx_range.h"

namespace seve {

class DeviceRange {
 public:
  // In `stream`; names as Trace's.
  DeviceRange(const CudaDevice& device, cudaStream_t stream, Trace::Row row, const char* name,
              const char* kind, size_t bytes = 0)
      : range_(fmt::format("{} {}", name, kind).c_str()),
        timeline_(device.timeline()),
        stream_(stream),
        interval_(timeline_.Open(row, name, kind, bytes, stream)) {}
  ~DeviceRange() { timeline_.Close(interval_, stream_); }
  DeviceRange(const DeviceRange&) = delete;
  DeviceRange& operator=(const DeviceRange&) = delete;

 private:
  NvtxRange range_;
  DeviceTimeline& timeline_;
  cudaStream_t stream_;
  std::optional<size_t> interval_;
};

}  // namespace seve
