// The shared memory through which the ranks of one communicator meet and send: threads of a process
// or processes of a host alike.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace seve::emulator {

constexpr int kMaxRanks = 16;
constexpr size_t kMailboxBytes = size_t{128} << 10;

// What a chunk belongs to; both sides must mean the same.
struct Message {
  uint64_t operation;
  uint64_t bytes;

  bool operator==(const Message&) const = default;
};

// One chunk on its way. The sender may write while written == read, the receiver may read while
// written == read + 1.
struct Mailbox {
  std::atomic<uint64_t> written;
  std::atomic<uint64_t> read;
  Message message;
  uint64_t chunk_bytes;
  std::byte chunk[kMailboxBytes];
};

struct Member {
  std::atomic<bool> present;
  std::atomic<bool> aborted;
  std::atomic<bool> left;  // in good order
  int process;
  uint64_t host;
  uint64_t bus;
};

// All bytes zero at first.
struct Meeting {
  std::atomic<int> ranks;     // of whoever came first
  std::atomic<int> arrived;   // also those who failed
  std::atomic<bool> refused;  // one of them failed
  Member members[kMaxRanks];
  Mailbox mailboxes[kMaxRanks][kMaxRanks];  // from, to
};

class Segment {
 public:
  // Makes it where it does not exist yet. Throws std::system_error.
  explicit Segment(std::string name);
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  Meeting* operator->() const { return meeting_; }
  // No other can find it now; those who have it keep it.
  void Unlink() const;

 private:
  std::string name_;
  Meeting* meeting_;
};

}  // namespace seve::emulator
