// Finds and reads configuration files.
#pragma once

#include <string>
#include <vector>

namespace seve {

// The whole file. Throws Error(kUsage) starting with `context` (which may be empty) when it does
// not exist (with the near names in its folder), is a folder, or cannot be read.
std::string ReadConfigurationFile(const std::string& path, const std::string& context);

// `base` as written in the file `from`, relative to its folder.
std::string BasePath(const std::string& from, const std::string& base);

// Whether two paths lead to one file.
bool IsSameFile(const std::string& a, const std::string& b);

}  // namespace seve
