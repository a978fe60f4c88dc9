// The left side of --set: "model.hidden.linear.units", "loss[1].weight".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seve {

struct PathSegment {
  std::string name;
  std::optional<int> index;  // of "name[index]"
};

// Empty for a path that is not of this form: an empty segment, an unclosed bracket, an index that
// is not a number.
std::vector<PathSegment> SplitPath(const std::string& path);

}  // namespace seve
