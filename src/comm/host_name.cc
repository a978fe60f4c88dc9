#include "comm/host_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace seve {

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  const std::string full = name.data();
  return full.substr(0, full.find('.'));
}

std::string DescribeRank(const std::string& host, int rank) {
  return fmt::format("{}:rank {}", host, rank);
}

}  // namespace seve
