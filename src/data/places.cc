#include "data/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

// Files beside `place` whose names are near.
std::vector<std::string> NearFiles(const fs::path& place) {
  std::vector<std::string> names;
  std::error_code ignored;
  const fs::path folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored)) {
    names.push_back(entry->path().filename().string());
  }
  auto near = NearestNames(place.filename().string(), names);
  for (auto& name : near) name = (place.parent_path() / name).string();
  return near;
}

// The first place that `is_it`. what: for messages.
template <typename Is>
std::string Find(const std::string& path, const std::string& root, const char* what, Is is_it) {
  const auto places = PlacesOf(path, root);
  const auto found = std::ranges::find_if(places, is_it);
  if (found != places.end()) return *found;
  std::vector<std::string> near;
  for (const auto& place : places) {
    for (auto& file : NearFiles(place)) near.push_back("'" + file + "'");
  }
  ThrowData(fmt::format("there is no {} {}; {}", what, Join(places, " or "),
                        near.empty() ? "relative paths are looked up below --data or $SEVE_DATA, "
                                       "then below the working directory"
                                     : "did you mean " + Join(near, " or ") + "?"));
}

}  // namespace

std::vector<std::string> PlacesOf(const std::string& path, const std::string& root) {
  std::vector<std::string> places;
  if (!root.empty()) places.push_back((fs::path(root) / path).lexically_normal().string());
  if (root.empty() || fs::path(path).is_relative()) places.push_back(path);
  return places;
}

std::string FindFile(const std::string& path, const std::string& root) {
  return Find(path, root, "file", [](const std::string& place) {
    std::error_code ignored;
    return fs::is_regular_file(place, ignored);
  });
}

std::string FindFileOrFolder(const std::string& path, const std::string& root) {
  return Find(path, root, "folder and no file", [](const std::string& place) {
    std::error_code ignored;
    return fs::is_regular_file(place, ignored) || fs::is_directory(place, ignored);
  });
}

}  // namespace seve
