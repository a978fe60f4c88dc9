// One rank of an emulated NCCL communicator.
#pragma once

#include <nccl.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/nccl_segment.h"

namespace seve::emulator {

// Where NCCL_HOSTID and the device at hand say that the caller is, and which failure
// SEVE_EMULATED_NCCL_FAIL wants.
struct Seat {
  int device = 0;
  uint64_t host = 0;
  uint64_t bus = 0;
  std::string failure;
};

// Of the calling thread, now. Throws std::runtime_error where there is no device.
Seat FindSeat();

class Communicator {
 public:
  Communicator(std::string id, int ranks, int rank, Seat seat, bool blocking);
  // Waits for Join to end.
  ~Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  // Meets the others; once. StartJoin does so on a thread of its own.
  void Join();
  void StartJoin();

  // ncclSuccess: an operation may be started.
  ncclResult_t Ready();
  // An operation was started, or the end: what the caller gets. A communicator that does not block
  // is busy until Poll has said so once.
  ncclResult_t Started();
  ncclResult_t Finalized();
  ncclResult_t Poll();
  // Everything that waits for others stops doing so, here and at the others.
  void Abort();
  // In good order: what was enqueued still runs. While it joins: Abort.
  void Leave();
  // The first failure stays.
  void Fail(ncclResult_t result, const std::string& words);
  // "" where nothing went wrong. Valid as long as the communicator.
  [[nodiscard]] const char* LastError();

  // A rank of the others has aborted, or its process is gone.
  [[nodiscard]] bool IsDeserted() const;
  [[nodiscard]] bool aborted() const { return aborted_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] int device() const { return seat_.device; }
  [[nodiscard]] Mailbox& To(int peer) { return (*segment_)->mailboxes[rank_][peer]; }
  [[nodiscard]] Mailbox& From(int peer) { return (*segment_)->mailboxes[peer][rank_]; }

 private:
  void Meet();
  void Arrive(bool refused);
  void RefuseDuplicates();

  const std::string id_;
  const int ranks_;
  const int rank_;
  const Seat seat_;
  const bool blocking_;
  std::unique_ptr<Segment> segment_;
  std::atomic<bool> aborted_ = false;
  std::thread joining_;
  std::mutex mutex_;  // guards what follows
  ncclResult_t state_ = ncclInProgress;
  bool joined_ = false;
  bool started_any_ = false;
  int busy_polls_ = 0;
  std::string words_;
};

}  // namespace seve::emulator
