// What a thread did when: named intervals of some steps, for a picture of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seve {

class Trace {
 public:
  // In the picture each is a row of the rank's own.
  enum class Row : uint8_t { kPhase, kLayer, kSum, kWire, kWait };

  // Names are literals, or live longer than the trace is read.
  struct Interval {
    Row row = Row::kPhase;
    const char* name = "";
    const char* kind = "";  // "forward", "backward"
    int64_t step = 0;
    int64_t begin = 0, end = 0;  // nanoseconds, as Now()
    size_t bytes = 0;            // 0: not about bytes
  };

  // Room for so many intervals; more are counted and left out, so that recording never allocates.
  explicit Trace(size_t capacity) { intervals_.reserve(capacity); }

  // Nanoseconds of the host's steady clock.
  [[nodiscard]] static int64_t Now();

  void BeginStep(int64_t step) { step_ = step; }
  // The phase under way ends, and the next begins; "": none does.
  void EnterPhase(const char* phase);
  // From `begin` until now.
  void Add(Row row, const char* name, const char* kind, int64_t begin, size_t bytes = 0);
  // Its step is the current one.
  void Add(Interval interval);

  [[nodiscard]] std::span<const Interval> intervals() const { return intervals_; }
  [[nodiscard]] size_t left_out() const { return left_out_; }

 private:
  std::vector<Interval> intervals_;
  size_t left_out_ = 0;
  int64_t step_ = 0;
  const char* phase_ = "";
  int64_t phase_begin_ = 0;
};

// An interval from here to the end of the scope; nothing where `trace` is null.
class TraceScope {
 public:
  TraceScope(Trace* trace, Trace::Row row, const char* name, const char* kind, size_t bytes = 0)
      : trace_(trace), row_(row), name_(name), kind_(kind), bytes_(bytes) {
    if (trace_ != nullptr) begin_ = Trace::Now();
  }
  ~TraceScope() {
    if (trace_ != nullptr) trace_->Add(row_, name_, kind_, begin_, bytes_);
  }
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  Trace* trace_;
  Trace::Row row_;
  const char *name_, *kind_;
  size_t bytes_;
  int64_t begin_ = 0;
};

}  // namespace seve
