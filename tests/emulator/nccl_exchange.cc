#include "emulator/nccl_exchange.h"

#include <algorithm>
#include <bitset>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace seve::emulator {
namespace {

// The first transfer of each peer goes on, the others wait their turn.
template <typename Transfers, typename Move>
bool MoveFirsts(Transfers& transfers, Move move) {
  bool moved = false;
  std::bitset<kMaxRanks> seen;
  for (auto& transfer : transfers) {
    if (!seen.test(transfer.peer)) moved = move(transfer) || moved;
    seen.set(transfer.peer);
  }
  std::erase_if(transfers, [](const auto& transfer) { return transfer.rest.empty(); });
  return moved;
}

}  // namespace

Exchange::Exchange(Communicator& communicator) : communicator_(communicator) {}

void Exchange::Send(int peer, uint64_t operation, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  sends_.push_back(
      {.peer = peer, .message = {.operation = operation, .bytes = bytes.size()}, .rest = bytes});
}

void Exchange::Receive(int peer, uint64_t operation, std::span<std::byte> bytes) {
  if (bytes.empty()) return;
  receives_.push_back(
      {.peer = peer, .message = {.operation = operation, .bytes = bytes.size()}, .rest = bytes});
}

bool Exchange::Progress() {
  const bool sent = MoveFirsts(sends_, [this](auto& send) { return Write(send); });
  const bool received = MoveFirsts(receives_, [this](auto& receive) { return Read(receive); });
  return sent || received;
}

bool Exchange::Write(Transfer<const std::byte>& send) {
  Mailbox& box = communicator_.To(send.peer);
  const uint64_t written = box.written.load(std::memory_order_relaxed);
  if (box.read.load(std::memory_order_acquire) != written) return false;
  const auto chunk = send.rest.first(std::min(send.rest.size(), kMailboxBytes));
  box.message = send.message;
  box.chunk_bytes = chunk.size();
  std::memcpy(box.chunk, chunk.data(), chunk.size());
  box.written.store(written + 1, std::memory_order_release);
  send.rest = send.rest.subspan(chunk.size());
  return true;
}

bool Exchange::Read(Transfer<std::byte>& receive) {
  Mailbox& box = communicator_.From(receive.peer);
  const uint64_t read = box.read.load(std::memory_order_relaxed);
  if (box.written.load(std::memory_order_acquire) == read) return false;
  if (box.message != receive.message || box.chunk_bytes > receive.rest.size()) {
    std::fprintf(stderr,
                 "emulated NCCL: rank %d expects %llu bytes of operation %llu from rank %d, which "
                 "sends %llu of %llu\n",
                 communicator_.rank(), static_cast<unsigned long long>(receive.message.bytes),
                 static_cast<unsigned long long>(receive.message.operation), receive.peer,
                 static_cast<unsigned long long>(box.message.bytes),
                 static_cast<unsigned long long>(box.message.operation));
    std::abort();
  }
  std::memcpy(receive.rest.data(), box.chunk, box.chunk_bytes);
  receive.rest = receive.rest.subspan(box.chunk_bytes);
  box.read.store(read + 1, std::memory_order_release);
  return true;
}

}  // namespace seve::emulator
