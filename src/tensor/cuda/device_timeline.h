// When a GPU does what, in steps that are traced: events before and after what is enqueued, whose
// times become intervals on the host's clock. Costs a comparison where nothing is traced.
#pragma once

#include <optional>
#include <vector>

#include "base/trace.h"
#include "tensor/cuda/handles.h"

namespace seve {

class DeviceTimeline {
 public:
  // Marks count from here to End(). `stream` is idle; waits for it. Not during capture.
  void Begin(cudaStream_t stream);
  // What was marked is over: adds it to the trace.
  void End(Trace* trace);

  // The phase under way ends at this place in the stream, and the next begins; "": none does.
  void EnterPhase(const char* phase, cudaStream_t stream);

  // An interval from this place in the stream to the one where it is closed; names as Trace's.
  // Returns what Close wants; nothing where nothing is traced.
  std::optional<size_t> Open(Trace::Row row, const char* name, const char* kind, size_t bytes,
                             cudaStream_t stream);
  void Close(std::optional<size_t> interval, cudaStream_t stream);

 private:
  struct Marked {
    Trace::Interval interval;
    size_t begin, end;  // events
  };
  // Records the next event there: its index.
  size_t Record(cudaStream_t stream);
  // On the host's clock.
  [[nodiscard]] int64_t TimeOf(size_t event) const;

  bool on_ = false;
  std::vector<Event> events_;  // kept from step to step; the first is the start
  size_t used_ = 0;            // of them
  int64_t start_ = 0;
  std::vector<Marked> marked_;
  std::optional<size_t> phase_;
};

}  // namespace seve
