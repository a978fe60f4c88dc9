#include "config/places.h"

#include <google/protobuf/descriptor.h>

namespace seve {

std::string ChildPath(const std::string& prefix, const google::protobuf::FieldDescriptor& field,
                      int index) {
  std::string path = prefix.empty() ? field.name() : prefix + "." + field.name();
  if (index >= 0) path += "[" + std::to_string(index) + "]";
  return path;
}

bool IsWithin(const std::string& path, const std::string& ancestor) {
  if (!path.starts_with(ancestor)) return false;
  return path.size() == ancestor.size() || path[ancestor.size()] == '.' ||
         path[ancestor.size()] == '[';
}

void Places::Erase(const std::string& path) {
  std::erase_if(places_, [&](const auto& entry) { return IsWithin(entry.first, path); });
}

void Places::Adopt(const Places& other, const std::string& from, const std::string& to) {
  for (const auto& [path, where] : other.places_) {
    if (IsWithin(path, from)) Put(to + path.substr(from.size()), where);
  }
}

std::string Places::Find(const std::string& path) const {
  const auto found = places_.find(path);
  return found == places_.end() ? "" : found->second;
}

}  // namespace seve
