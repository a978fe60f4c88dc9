// Wakes a thread that sleeps in poll(2).
#pragma once

namespace seve {

class WakeUp {
 public:
  // Throws Error(kCommunication) when the process has no descriptor left.
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  // From now on the descriptor is readable. Any thread.
  void Set() const;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace seve
