// Names a rank that is dead, stopped, stuck or gone within seconds, so that the job ends with a
// reason instead of waiting.
//
// Each rank's watchdog is a thread that says over TCP, several times within the time of silence,
// where its rank is: the others to rank 0 and rank 0 to them. What it concludes:
//   died       a connection ended without a goodbye: at once
//   silent     nothing was heard within the time of silence
//   stuck      the thread that trains waits for nobody, and its activity has not changed for longer
//              than its section's deadline; rank 0 judges all ranks
//   left       a goodbye came, and this rank still trains after the time of silence
//   apart      all ranks wait for each other, in different sections or steps, for that time; rank 0
//              judges
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/wake_up.h"
#include "base/watch_clock.h"
#include "comm/communicator.h"
#include "train/watchdog/watch.h"

namespace seve {

class Watchdog {
 public:
  // Collective; in a world of one it does nothing. Connects all ranks with rank 0 and starts the
  // thread, which calls nothing of the communicator. Throws AgreedError(kCommunication) where a
  // rank cannot connect (train/watchdog/rendezvous.h). The communicator outlives the watchdog.
  //
  // `fail`: called at most once, on the watchdog's thread, with one line a rank found wrong. It
  // ends the job and does not return; where it does return, the watchdog goes on saying that its
  // rank lives but judges no more. It must not throw.
  Watchdog(Communicator& communicator, double silence_seconds,
           std::function<void(const std::string&)> fail);
  // Says goodbye to the others and ends the thread, within a tenth of a second whatever they do.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Rank 0: one line a rank, where each was when it was last heard of and how long ago that is.
  // Other ranks: their own line. Any thread.
  [[nodiscard]] std::string Describe() const;

 private:
  void Run();
  // One turn of the loop: listens, says that this rank lives when it is time. Returns what to fail
  // with, empty when all is well.
  std::string Turn();
  void Sleep() const;
  void FailWith(const char* what);

  Activity& activity_;
  double interval_;  // between heartbeats
  std::function<void(const std::string&)> fail_;
  WakeUp wake_up_;
  std::atomic<bool> leaving_{false};

  mutable std::mutex mutex_;  // guards what follows
  Watch watch_;
  WatchClock clock_;
  double next_beat_ = 0;
  bool failed_ = false;

  std::thread thread_;
};

}  // namespace seve
