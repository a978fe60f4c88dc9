#include "base/trace.h"

#include <chrono>

namespace seve {

int64_t Trace::Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void Trace::EnterPhase(const char* phase) {
  if (*phase_ != '\0') Add(Row::kPhase, phase_, "", phase_begin_);
  phase_ = phase;
  phase_begin_ = Now();
}

void Trace::Add(Row row, const char* name, const char* kind, int64_t begin, size_t bytes) {
  Add({row, name, kind, step_, begin, Now(), bytes});
}

void Trace::Add(Interval interval) {
  if (intervals_.size() == intervals_.capacity()) {
    ++left_out_;
    return;
  }
  interval.step = step_;
  intervals_.push_back(interval);
}

}  // namespace seve
