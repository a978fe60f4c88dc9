#include "train/watchdog/heartbeat_link.h"

#include <bit>

namespace seve {

void HeartbeatLink::Send(const Heartbeat& heartbeat) {
  SendRest();
  if (unsent_ > 0) return;
  outgoing_ = std::bit_cast<Bytes>(heartbeat);
  unsent_ = outgoing_.size();
  SendRest();
}

void HeartbeatLink::SendRest() {
  if (unsent_ == 0) return;
  // That the connection has ended is learnt from receiving, which first gives what came before.
  unsent_ -= socket_.Send(std::span(outgoing_).last(unsent_)).value_or(0);
}

std::optional<Heartbeat> HeartbeatLink::Receive() {
  while (!ended_ && received_ < incoming_.size()) {
    const auto count = socket_.Receive(std::span(incoming_).subspan(received_));
    ended_ = !count.has_value();
    if (count.value_or(0) == 0) return std::nullopt;
    received_ += *count;
  }
  if (ended_) return std::nullopt;
  received_ = 0;
  auto heartbeat = std::bit_cast<Heartbeat>(incoming_);
  heartbeat.section.back() = heartbeat.phase.back() = '\0';
  return heartbeat;
}

}  // namespace seve
