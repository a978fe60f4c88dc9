// Where data sets are looked for.
#pragma once

#include <cstdlib>
#include <string>

namespace seve {

// --data when given, else $SEVE_DATA, else nothing.
inline std::string DataRoot(const std::string& option) {
  if (!option.empty()) return option;
  const char* environment = std::getenv("SEVE_DATA");
  return environment == nullptr ? "" : environment;
}

inline constexpr const char* kDataHelp =
    "Folder that holds the data sets (mnist/, ...); unset: $SEVE_DATA";

}  // namespace seve
