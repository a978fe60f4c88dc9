// Sends and receives of one rank that go on together, whatever their order.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "emulator/nccl_communicator.h"

namespace seve::emulator {

class Exchange {
 public:
  explicit Exchange(Communicator& communicator);

  // What has no bytes is not sent. `operation` must be the receiver's.
  void Send(int peer, uint64_t operation, std::span<const std::byte> bytes);
  void Receive(int peer, uint64_t operation, std::span<std::byte> bytes);

  // Moves what can be moved without waiting; whether something was. Ends the process where a peer
  // sends something else than is expected.
  bool Progress();
  [[nodiscard]] bool IsDone() const { return sends_.empty() && receives_.empty(); }

 private:
  template <typename Byte>
  struct Transfer {
    int peer;
    Message message;
    std::span<Byte> rest;
  };

  bool Write(Transfer<const std::byte>& send);
  bool Read(Transfer<std::byte>& receive);

  Communicator& communicator_;
  // In the order of the calls, which is a peer's order too.
  std::deque<Transfer<const std::byte>> sends_;
  std::deque<Transfer<std::byte>> receives_;
};

// An exchange and what the rank does when it is over.
struct Step {
  Exchange exchange;
  std::function<void()> then;
};

}  // namespace seve::emulator
