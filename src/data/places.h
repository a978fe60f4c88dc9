// Where the files and folders that a configuration names may be.
#pragma once

#include <string>
#include <vector>

namespace seve {

// A path below `root` (when there is one), then relative to the working directory; an absolute path
// is where it says.
std::vector<std::string> PlacesOf(const std::string& path, const std::string& root);

// The first of these places that is a file. Throws Error(kData) naming the places and, if any, the
// files there that are called nearly so.
std::string FindFile(const std::string& path, const std::string& root);

// The same for what is a file or a folder.
std::string FindFileOrFolder(const std::string& path, const std::string& root);

}  // namespace seve
