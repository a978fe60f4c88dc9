// How the other ranks find the watchdog of rank 0.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seve {

struct Invitation {
  std::string name;  // of rank 0: "node1:rank 0"
  std::string host;
  uint16_t port = 0;
  // Shown at the door: a process that happens to connect does not know it.
  uint64_t token = 0;
  std::vector<std::string> addresses;

  // To rank 0's listening port on this machine, with a new random token.
  [[nodiscard]] static Invitation ToThisMachine(const std::string& name, uint16_t port);
  // Lines of text, and back.
  [[nodiscard]] std::string Text() const;
  [[nodiscard]] static Invitation Parse(const std::string& text);

  // The addresses as a rank on `from` should try them: loopback first on the same host, last on
  // another, where it leads to that host itself.
  [[nodiscard]] std::vector<std::string> AddressesFrom(const std::string& from) const;
};

}  // namespace seve
