// Where the fields of a configuration were given while files and overrides are still being
// combined.
#pragma once

#include <map>
#include <string>

namespace google::protobuf {
class FieldDescriptor;
}

namespace seve {

// "prefix.field" or, for an element of a repeated field, "prefix.field[index]"; index -1: no
// element.
std::string ChildPath(const std::string& prefix, const google::protobuf::FieldDescriptor& field,
                      int index = -1);

// Places by index path ("model.layer[2].linear.units"): unlike names, indices do not change with
// the names of other layers. SourceMap, which speaks of layers by name, is made from it at the end.
class Places {
 public:
  void Put(const std::string& path, std::string where) { places_[path] = std::move(where); }

  // Forgets a path and everything below it.
  void Erase(const std::string& path);

  // Takes over what `other` knows of `from` and below, under the path `to`.
  void Adopt(const Places& other, const std::string& from, const std::string& to);

  // The place of exactly this path; empty when nobody gave it.
  [[nodiscard]] std::string Find(const std::string& path) const;

  [[nodiscard]] const std::map<std::string, std::string>& all() const { return places_; }

 private:
  std::map<std::string, std::string> places_;
};

// Whether `path` is `ancestor` or lies below it.
bool IsWithin(const std::string& path, const std::string& ancestor);

}  // namespace seve
