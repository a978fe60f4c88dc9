// What is in a folder, for observers: a file system that fails is no reason to end a run.
#pragma once

#include <string>
#include <vector>

namespace seve {

// Names of the entries, in any order; of a folder that is missing or cannot be read, those so far.
std::vector<std::string> NamesIn(const std::string& folder);

}  // namespace seve
