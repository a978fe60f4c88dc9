#include "config/load.h"

namespace seve {
namespace {

// "a.b[1]" -> "a.b" -> "a" -> "".
std::string Enclosing(const std::string& path) {
  const size_t end = path.find_last_of(".[");
  return end == std::string::npos ? "" : path.substr(0, end);
}

}  // namespace

std::string SourceMap::Where(const std::string& path) const {
  for (std::string at = path; !at.empty(); at = Enclosing(at)) {
    const auto found = places_.find(at);
    if (found != places_.end()) return found->second;
  }
  return file_;
}

}  // namespace seve
