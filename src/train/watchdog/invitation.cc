#include "train/watchdog/invitation.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "base/socket.h"
#include "base/text.h"
#include "comm/host_name.h"

namespace seve {

Invitation Invitation::ToThisMachine(const std::string& name, uint16_t port) {
  std::random_device random;
  const uint64_t token = uint64_t{random()} << 32 | random();
  return {name, HostName(), port, token, LocalAddresses()};
}

std::string Invitation::Text() const {
  return fmt::format("{}\n{}\n{} {} {}", name, host, port, token, Join(addresses, " "));
}

Invitation Invitation::Parse(const std::string& text) {
  Invitation invitation;
  std::istringstream stream(text);
  std::getline(stream, invitation.name);
  std::getline(stream, invitation.host);
  stream >> invitation.port >> invitation.token;
  for (std::string address; stream >> address;) invitation.addresses.push_back(address);
  return invitation;
}

std::vector<std::string> Invitation::AddressesFrom(const std::string& from) const {
  std::vector<std::string> ordered = addresses;
  std::ranges::stable_partition(ordered, [&](const std::string& address) {
    return address.starts_with("127.") == (from == host);
  });
  return ordered;
}

}  // namespace seve
