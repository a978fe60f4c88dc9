// How an emulated rank waits for another: it yields, and ends the process when a minute has passed.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace seve::emulator {

class PeerWait {
 public:
  // `complaint`: what to say when it is at its end.
  explicit PeerWait(std::function<std::string()> complaint);

  // Something came: the minute starts anew.
  void Restart();
  // Lets others run.
  void Wait();
  // Since the last Restart.
  [[nodiscard]] std::chrono::steady_clock::duration Waited() const;

 private:
  std::function<std::string()> complaint_;
  std::chrono::steady_clock::time_point start_;
  int yields_ = 0;
};

}  // namespace seve::emulator
