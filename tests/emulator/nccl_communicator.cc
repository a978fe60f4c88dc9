#include "emulator/nccl_communicator.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "emulator/nccl_wait.h"

namespace seve::emulator {
namespace {

constexpr const char* kRemote = "socket closed by remote peer";

// NCCL's own failure, with its words.
struct Refusal {
  ncclResult_t result;
  std::string words;
};

bool IsGone(const Member& member) {
  if (member.left) return false;
  return member.aborted || (kill(member.process, 0) != 0 && errno == ESRCH);
}

}  // namespace

Communicator::Communicator(std::string id, int ranks, int rank, Seat seat, bool blocking)
    : id_(std::move(id)), ranks_(ranks), rank_(rank), seat_(std::move(seat)), blocking_(blocking) {}

Communicator::~Communicator() {
  if (joining_.joinable()) joining_.join();
}

void Communicator::StartJoin() {
  joining_ = std::thread([this] { Join(); });
}

void Communicator::Join() {
  try {
    segment_ = std::make_unique<Segment>(id_);
    Meet();
    const std::lock_guard lock(mutex_);
    joined_ = true;
    if (state_ == ncclInProgress) state_ = ncclSuccess;
  } catch (const Refusal& refusal) {
    Fail(refusal.result, refusal.words);
  } catch (const std::exception& error) {
    Fail(ncclSystemError, error.what());
  }
}

// Nobody looks for the segment once all have been there.
void Communicator::Arrive(bool refused) {
  Segment& segment = *segment_;
  if (refused) segment->refused = true;
  if (segment->arrived.fetch_add(1) + 1 >= ranks_) segment.Unlink();
}

void Communicator::Meet() {
  Segment& segment = *segment_;
  int expected = 0;
  if (!segment->ranks.compare_exchange_strong(expected, ranks_) && expected != ranks_) {
    Arrive(true);
    segment.Unlink();
    throw Refusal{ncclInvalidArgument,
                  fmt::format("rank {} expects {} ranks, another {}", rank_, ranks_, expected)};
  }
  if (seat_.failure == "init") {
    Arrive(true);
    throw Refusal{ncclSystemError, "Call to connect failed: Connection refused"};
  }
  Member& self = segment->members[rank_];
  if (self.present.exchange(true)) {
    Arrive(true);
    throw Refusal{ncclInvalidUsage, fmt::format("there are two ranks {}", rank_)};
  }
  self.process = getpid();
  self.host = seat_.host;
  self.bus = seat_.bus;
  Arrive(false);
  PeerWait wait([&] {
    return fmt::format("rank {} of {}: only {} joined", rank_, ranks_, segment->arrived.load());
  });
  while (segment->arrived < ranks_ && !segment->refused && !aborted_) wait.Wait();
  if (aborted_) {
    segment.Unlink();
    throw Refusal{ncclInternalError, "aborted"};
  }
  if (segment->refused) throw Refusal{ncclRemoteError, kRemote};
  RefuseDuplicates();
}

void Communicator::RefuseDuplicates() {
  const auto is_duplicate = [this](int one, int other) {
    const Member& a = (*segment_)->members[one];
    const Member& b = (*segment_)->members[other];
    return one != other && a.host == b.host && a.bus == b.bus;
  };
  for (int peer = 0; peer < ranks_; ++peer) {
    if (!is_duplicate(rank_, peer)) continue;
    throw Refusal{
        ncclInvalidUsage,
        fmt::format("Duplicate GPU detected : rank {} and rank {} both on CUDA device {:x}", rank_,
                    peer, seat_.bus)};
  }
  for (int one = 0; one < ranks_; ++one) {
    for (int other = 0; other < one; ++other) {
      if (is_duplicate(one, other)) throw Refusal{ncclRemoteError, kRemote};
    }
  }
}

ncclResult_t Communicator::Ready() {
  const std::lock_guard lock(mutex_);
  if (state_ != ncclInProgress) return state_;
  words_ = "Attempt to use communicator before the previous operation returned ncclSuccess";
  return ncclInvalidArgument;
}

ncclResult_t Communicator::Started() {
  {
    const std::lock_guard lock(mutex_);
    started_any_ = true;
  }
  return Finalized();
}

ncclResult_t Communicator::Finalized() {
  const std::lock_guard lock(mutex_);
  if (blocking_) return ncclSuccess;
  state_ = ncclInProgress;
  busy_polls_ = 1;
  return ncclInProgress;
}

ncclResult_t Communicator::Poll() {
  std::unique_lock lock(mutex_);
  if (!joined_) return state_;
  if (state_ == ncclInProgress && busy_polls_-- <= 0) state_ = ncclSuccess;
  const bool is_to_fail = seat_.failure == "async" && started_any_;
  lock.unlock();
  if (is_to_fail || IsDeserted()) Fail(ncclRemoteError, kRemote);
  lock.lock();
  return state_;
}

void Communicator::Abort() {
  aborted_ = true;
  if (joining_.joinable()) joining_.join();
  if (segment_ != nullptr) (*segment_)->members[rank_].aborted = true;
  Fail(ncclInternalError, "aborted");
}

void Communicator::Leave() {
  const bool joined = [this] {
    const std::lock_guard lock(mutex_);
    return joined_;
  }();
  if (!joined) return Abort();
  (*segment_)->members[rank_].left = true;
}

void Communicator::Fail(ncclResult_t result, const std::string& words) {
  const std::lock_guard lock(mutex_);
  if (state_ != ncclSuccess && state_ != ncclInProgress) return;
  state_ = result;
  words_ = words;
}

const char* Communicator::LastError() {
  const std::lock_guard lock(mutex_);
  return words_.c_str();
}

bool Communicator::IsDeserted() const {
  for (int peer = 0; peer < ranks_; ++peer) {
    if (peer != rank_ && IsGone((*segment_)->members[peer])) return true;
  }
  return false;
}

}  // namespace seve::emulator
