#include "cli/paths.h"

#include <cstdlib>
#include <filesystem>
#include <regex>

namespace seve {

std::optional<std::string> ExpandVariables(const std::string& text) {
  static const std::regex kVariable(R"(\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}))");
  std::string expanded;
  auto rest = text.cbegin();
  for (std::sregex_iterator found(text.begin(), text.end(), kVariable), end; found != end;
       ++found) {
    const std::string name = (*found)[1].matched ? (*found)[1].str() : (*found)[2].str();
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    expanded.append(rest, (*found)[0].first).append(value);
    rest = (*found)[0].second;
  }
  return expanded.append(rest, text.cend());
}

std::string AbsolutePath(const std::string& path) {
  if (path.empty()) return "";
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  return (absolute.has_filename() ? absolute : absolute.parent_path()).string();
}

}  // namespace seve
