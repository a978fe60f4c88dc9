// Names of layers inside others as names of files: "c/1/linear_1" is "c.1.linear_1" there. No
// layer's own name has a '.'.
#pragma once

#include <algorithm>
#include <string>

namespace seve {

inline std::string FileNameOf(std::string layer) {
  std::ranges::replace(layer, '/', '.');
  return layer;
}

inline std::string LayerNameOf(std::string file_name) {
  std::ranges::replace(file_name, '.', '/');
  return file_name;
}

}  // namespace seve
