// A stretch of the host's time under a name in a profiler's timeline.
#pragma once

#include <nvtx3/nvToolsExt.h>

namespace seve {

class NvtxRange {
 public:
  // The name is copied by the profiler; without one nothing happens.
  explicit NvtxRange(const char* name) { nvtxRangePushA(name); }
  ~NvtxRange() { nvtxRangePop(); }
  NvtxRange(const NvtxRange&) = delete;
  NvtxRange& operator=(const NvtxRange&) = delete;
};

}  // namespace seve
