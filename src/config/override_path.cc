#include "config/override_path.h"

#include <algorithm>
#include <charconv>

namespace seve {
namespace {

std::optional<PathSegment> ParseSegment(const std::string& text) {
  const size_t bracket = text.find('[');
  PathSegment segment{text.substr(0, bracket), std::nullopt};
  if (segment.name.empty()) return std::nullopt;
  if (bracket == std::string::npos) return segment;
  if (text.back() != ']') return std::nullopt;
  int index = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data() + bracket + 1, end, index);
  if (error != std::errc() || stop != end || index < 0) return std::nullopt;
  segment.index = index;
  return segment;
}

}  // namespace

std::vector<PathSegment> SplitPath(const std::string& path) {
  std::vector<PathSegment> segments;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('.', start), path.size());
    const auto segment = ParseSegment(path.substr(start, end - start));
    if (!segment) return {};
    segments.push_back(*segment);
    start = end + 1;
  }
  return segments;
}

}  // namespace seve
