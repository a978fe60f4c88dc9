// TCP over IPv4 without waiting: connections between processes that must never hold each other up.
//
// Descriptors are non-blocking and closed on exec; nothing here raises SIGPIPE. Failures are
// Error(kCommunication) with the address and errno's text.
#pragma once

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace seve {

class Socket {
 public:
  Socket() = default;
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { Close(); }

  // Accepts connections at all IPv4 addresses of this machine, at a port the system chooses.
  [[nodiscard]] static Socket Listen();
  // Connects to an address such as "10.0.0.7", or throws after this many seconds at the latest.
  [[nodiscard]] static Socket Connect(const std::string& address, uint16_t port, double seconds);

  // The next connection that has come to a listening socket; a closed one when there is none.
  [[nodiscard]] Socket Accept() const;
  // Of this end.
  [[nodiscard]] uint16_t port() const;

  // Bytes that were taken or came at once, possibly none; nullopt once the connection has ended:
  // the other end closed it or it broke. What arrived before the end is received first.
  [[nodiscard]] std::optional<size_t> Send(std::span<const std::byte> bytes) const;
  [[nodiscard]] std::optional<size_t> Receive(std::span<std::byte> bytes) const;

  // Says that nothing more will be sent; the other end still gets what was.
  void FinishSending() const;
  // True when the other machine has everything that was sent, or never will.
  [[nodiscard]] bool Delivered() const;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  void Close();

 private:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

// poll(2), up to this many seconds; a signal ends it early.
void Poll(std::span<pollfd> descriptors, double seconds);

// IPv4 addresses of this machine's interfaces that are up, "127.0.0.1" among them where it has one.
[[nodiscard]] std::vector<std::string> LocalAddresses();

}  // namespace seve
