// Records what every rank does in some steps, and writes that as a file for the viewer of Chrome
// and Perfetto: a process a rank, rows for phases, layers, sums, messages and waits.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/trace.h"
#include "train/context.h"
#include "train/trace_request.h"

namespace seve {

class Tracer {
 public:
  // The context outlives it. Collective: throws AgreedError when rank 0 cannot write the file.
  Tracer(TraceRequest request, const Context& context);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Before step `step`, counted from 1.
  void Begin(int64_t step);
  // After it. After the last one it writes the file and returns what was seen, on rank 0; that is
  // collective.
  std::optional<TraceEvent> End(int64_t step);

 private:
  [[nodiscard]] bool Wants(int64_t step) const {
    return step >= request_.first && step <= request_.last;
  }
  [[nodiscard]] TraceEvent Finish();
  void Write(std::span<const std::string> events) const;

  const TraceRequest request_;
  const Context& context_;
  Trace trace_;
  bool written_ = false;
};

}  // namespace seve
