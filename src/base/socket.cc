#include "base/socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace seve {
namespace {

constexpr int kBacklog = 4096;  // connections of a whole job at once

[[noreturn]] void Fail(const std::string& what, int error = errno) {
  ThrowCommunication(fmt::format("{}: {}", what, std::generic_category().message(error)));
}

sockaddr_in AddressOf(const std::string& text, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) {
    ThrowCommunication(text + " is no IPv4 address");
  }
  return address;
}

// A message is small and must not wait for more to come.
void SendAtOnce(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

// The result of a connect that went on in the background.
int ConnectError(int descriptor) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::optional<size_t> Count(ssize_t result) {
  if (result >= 0) return static_cast<size_t>(result);
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
  return std::nullopt;
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket Socket::Listen() {
  Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) Fail("cannot open a socket");
  const sockaddr_in any = AddressOf("0.0.0.0", 0);
  const auto* address = reinterpret_cast<const sockaddr*>(&any);
  if (bind(listener.descriptor_, address, sizeof(any)) != 0 ||
      listen(listener.descriptor_, kBacklog) != 0) {
    Fail("cannot listen at 0.0.0.0");
  }
  return listener;
}

Socket Socket::Connect(const std::string& address, uint16_t port, double seconds) {
  const std::string what = fmt::format("cannot connect to {}:{}", address, port);
  Socket connection(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!connection.is_open()) Fail(what);
  const int descriptor = connection.descriptor_;
  const sockaddr_in target = AddressOf(address, port);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) Fail(what);
    pollfd done{.fd = descriptor, .events = POLLOUT, .revents = 0};
    Poll({&done, 1}, seconds);
    if (done.revents == 0) Fail(what, ETIMEDOUT);
    if (const int error = ConnectError(descriptor); error != 0) Fail(what, error);
  }
  SendAtOnce(descriptor);
  return connection;
}

Socket Socket::Accept() const {
  Socket connection(accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (connection.is_open()) {
    SendAtOnce(connection.descriptor_);
  } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
    Fail("cannot accept a connection");
  }
  return connection;  // closed also where the connection broke before it was accepted
}

uint16_t Socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  if (getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Fail("a socket has no address");
  }
  return ntohs(address.sin_port);
}

std::optional<size_t> Socket::Send(std::span<const std::byte> bytes) const {
  return Count(send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

std::optional<size_t> Socket::Receive(std::span<std::byte> bytes) const {
  const ssize_t result = recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (result == 0 && !bytes.empty()) return std::nullopt;
  return Count(result);
}

void Socket::FinishSending() const { shutdown(descriptor_, SHUT_WR); }

bool Socket::Delivered() const {
  int unacknowledged = 0;
  return ioctl(descriptor_, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged == 0;
}

void Socket::Close() {
  if (is_open()) close(std::exchange(descriptor_, -1));
}

void Poll(std::span<pollfd> descriptors, double seconds) {
  const double whole = std::floor(std::max(0.0, seconds));
  const timespec timeout{.tv_sec = static_cast<time_t>(whole),
                         .tv_nsec = static_cast<long>((std::max(0.0, seconds) - whole) * 1e9)};
  if (ppoll(descriptors.data(), descriptors.size(), &timeout, nullptr) >= 0) return;
  if (errno != EINTR) Fail("cannot wait for sockets");
  for (pollfd& descriptor : descriptors) descriptor.revents = 0;
}

std::vector<std::string> LocalAddresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) Fail("cannot list this machine's addresses");
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> list(first, freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
    if ((each->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
    inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
    addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace seve
