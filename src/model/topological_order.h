// An order in which every layer comes after the layers it reads.
#pragma once

#include <string>
#include <vector>

namespace seve {

struct TopologicalOrder {
  std::vector<int> indices;        // into `names`
  std::vector<std::string> cycle;  // not empty when there is no such order: a, b, ..., a

  // Names that are not among `names` (fields of the data, misspellings) are taken as given. Keeps
  // the order of `names` where it can.
  TopologicalOrder(const std::vector<std::string>& names,
                   const std::vector<std::vector<std::string>>& inputs);
};

}  // namespace seve
