// Heartbeats over a connection, neither end of which ever waits for the other.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "base/socket.h"
#include "train/watchdog/heartbeat.h"

namespace seve {

class HeartbeatLink {
 public:
  explicit HeartbeatLink(Socket socket) : socket_(std::move(socket)) {}

  // Where the other end takes nothing now, the heartbeat is dropped: a newer one will follow.
  void Send(const Heartbeat& heartbeat);
  // The next whole one that has arrived.
  [[nodiscard]] std::optional<Heartbeat> Receive();
  // The connection was closed by the other end or broke, and all that came before has been
  // received.
  [[nodiscard]] bool ended() const { return ended_; }

  // Nothing will be sent any more.
  void FinishSending() const { socket_.FinishSending(); }
  // See Socket::Delivered.
  [[nodiscard]] bool Delivered() const { return socket_.Delivered(); }
  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }

 private:
  using Bytes = std::array<std::byte, sizeof(Heartbeat)>;

  void SendRest();

  Socket socket_;
  Bytes outgoing_{}, incoming_{};
  size_t unsent_ = 0;    // bytes at the end of `outgoing_`
  size_t received_ = 0;  // bytes at the beginning of `incoming_`
  bool ended_ = false;
};

}  // namespace seve
