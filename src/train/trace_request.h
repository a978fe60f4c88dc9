// What --trace asks for.
#pragma once

#include <cstdint>
#include <string>

namespace seve {

struct TraceRequest {
  std::string path;             // of the file that rank 0 writes; empty: nothing is traced
  int64_t first = 0, last = 0;  // steps, counted from 1
};

// `steps`: "120-124", "120", or empty: 5 steps once training is warm, 20 steps after `done`, or as
// soon as a run of `total` allows. Throws Error(kUsage) when there are no such steps, or the file
// cannot be written.
TraceRequest ParseTraceRequest(const std::string& path, const std::string& steps, int64_t done,
                               int64_t total);

}  // namespace seve
