// Names of hosts and ranks in messages.
#pragma once

#include <string>

namespace seve {

// This machine's name without its domain.
[[nodiscard]] std::string HostName();

// "node12:rank 3".
[[nodiscard]] std::string DescribeRank(const std::string& host, int rank);

}  // namespace seve
