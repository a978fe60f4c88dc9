// Where a rank is: written by the thread that trains, read by its watchdog at any time.
//
// Relaxed atomics alone, so that marking a phase costs about as much as counting. A reader may
// therefore meet a new section with the old deadline for a moment: what it concludes from a reading
// holds only once the next one is the same in every field.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/trace.h"

namespace seve {

class Activity {
 public:
  static constexpr int64_t kNoStep = -1;

  struct Reading {
    const char* section = "start-up";
    const char* phase = "";
    int64_t step = kNoStep;
    double deadline = 600;  // longest wait in this section, in seconds
    bool waiting = false;   // for other ranks
    uint64_t changes = 0;   // calls that set something

    // "step 57, backward"; outside the section "step" the section first: "evaluation, step 57".
    [[nodiscard]] std::string Text() const;
    // Equal in every field, the texts by address.
    bool operator==(const Reading&) const = default;
  };

  // Names are literals: they must outlive the activity. Entering a section leaves the phase.
  void EnterSection(const char* section, double deadline_seconds) {
    if (trace_ != nullptr) trace_->EnterPhase("");
    section_.store(section, kRelaxed);
    phase_.store("", kRelaxed);
    deadline_.store(deadline_seconds, kRelaxed);
    Count();
  }
  void EnterPhase(const char* phase) {
    if (trace_ != nullptr) trace_->EnterPhase(phase);
    Set(phase_, phase);
  }
  void SetStep(int64_t step) { Set(step_, step); }
  void SetWaiting(bool waiting) { Set(waiting_, waiting); }
  // Whether a watchdog judges this rank too: waits then leave it the first word.
  void SetWatched(bool watched) { Set(watched_, watched); }
  [[nodiscard]] bool watched() const { return watched_.load(kRelaxed); }
  [[nodiscard]] bool waiting() const { return waiting_.load(kRelaxed); }

  // Records phases, waits and sums from now on; null: no longer. For the thread that trains alone.
  void SetTrace(Trace* trace) { trace_ = trace; }
  [[nodiscard]] Trace* trace() const { return trace_; }

  [[nodiscard]] Reading Read() const {
    return {section_.load(kRelaxed),  phase_.load(kRelaxed),   step_.load(kRelaxed),
            deadline_.load(kRelaxed), waiting_.load(kRelaxed), changes_.load(kRelaxed)};
  }

 private:
  static constexpr auto kRelaxed = std::memory_order_relaxed;

  template <typename T>
  void Set(std::atomic<T>& field, T value) {
    field.store(value, kRelaxed);
    Count();
  }
  // One thread writes: no need to lock the bus.
  void Count() { changes_.store(changes_.load(kRelaxed) + 1, kRelaxed); }

  alignas(64) std::atomic<const char*> section_{Reading().section};
  std::atomic<const char*> phase_{Reading().phase};
  std::atomic<int64_t> step_{Reading().step};
  std::atomic<double> deadline_{Reading().deadline};
  std::atomic<bool> waiting_{false}, watched_{false};
  std::atomic<uint64_t> changes_{0};
  Trace* trace_ = nullptr;
};

// Marks a rank as waiting for others while it lives.
class WaitingMark {
 public:
  explicit WaitingMark(Activity& activity) : activity_(activity), before_(activity.waiting()) {
    activity_.SetWaiting(true);
  }
  ~WaitingMark() { activity_.SetWaiting(before_); }
  WaitingMark(const WaitingMark&) = delete;
  WaitingMark& operator=(const WaitingMark&) = delete;

 private:
  Activity& activity_;
  bool before_;
};

}  // namespace seve
