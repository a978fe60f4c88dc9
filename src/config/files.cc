#include "config/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

// " Did you mean …?" from the configurations in the same folder; empty when none is near.
std::string NearFiles(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".textproto") names.push_back(entry.path().filename().string());
  }
  const std::string name = path.filename().string();
  return NearestNames(name, names).empty() ? "" : "; " + Suggest(name, names);
}

}  // namespace

std::string ReadConfigurationFile(const std::string& path, const std::string& context) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    ThrowUsage(context + path + ": no such file" + NearFiles(path));
  }
  if (fs::is_directory(status)) {
    ThrowUsage(context + path + ": is a folder, not a configuration file");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad()) {
    ThrowUsage(context + path + ": cannot be read (" + std::strerror(errno) + ")");
  }
  return text.str();
}

std::string BasePath(const std::string& from, const std::string& base) {
  return (fs::path(from).parent_path() / base).lexically_normal().string();
}

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  if (a == b) return true;
  return fs::equivalent(a, b, error) && !error;
}

}  // namespace seve
