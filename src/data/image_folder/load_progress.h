// Tells a waiting person how far the reading of pictures has come.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace seve {

// Writes one line on standard error over and over, from the third second on and only where a person
// watches. Thread-safe.
class LoadProgress {
 public:
  // what: "reading pictures of /data/pets".
  LoadProgress(std::string what, int64_t total);
  // Removes the line.
  ~LoadProgress();
  LoadProgress(const LoadProgress&) = delete;
  LoadProgress& operator=(const LoadProgress&) = delete;

  // One more is done.
  void Advance();

 private:
  const std::string what_;
  const int64_t total_;
  const bool interactive_;
  std::mutex mutex_;
  const Stopwatch watch_;
  int64_t done_ = 0;
  double next_ = 2;  // seconds at which a line is due
  bool written_ = false;
};

}  // namespace seve
