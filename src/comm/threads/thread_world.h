// What ranks running as threads share: barrier counters, a table of published bytes, the first
// failure.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "comm/host_barrier.h"
#include "tensor/buffer.h"

namespace seve {

class ThreadWorld {
 public:
  explicit ThreadWorld(int size);

  [[nodiscard]] int size() const { return static_cast<int>(slots_.size()); }
  [[nodiscard]] std::span<BarrierSlot> slots() { return slots_; }
  [[nodiscard]] const std::string& host() const { return host_; }

  // A rank's bytes for its peers. They live here, not with the rank, so that a peer may still read
  // them while the rank unwinds. Written by the rank alone, between barriers that keep readers
  // away.
  [[nodiscard]] std::vector<std::byte>& published(int rank) { return published_[rank]; }
  // A rank's arena for its newest window, kept alive by every window that reads it.
  [[nodiscard]] std::shared_ptr<Buffer>& arena(int rank) { return arenas_[rank]; }

  // Records why a rank ended; the first failure counts and releases all waits.
  void Fail(int rank, std::exception_ptr failure);
  // Throws Error(kCommunication) once a rank has failed.
  void CheckPeers() const;
  void RethrowFirst() const;

 private:
  std::vector<BarrierSlot> slots_;
  std::vector<std::vector<std::byte>> published_;
  std::vector<std::shared_ptr<Buffer>> arenas_;
  std::string host_;

  mutable std::mutex mutex_;
  std::atomic<bool> failed_{false};
  int failed_rank_ = -1;        // guarded by mutex_
  std::exception_ptr failure_;  // guarded by mutex_
};

}  // namespace seve
