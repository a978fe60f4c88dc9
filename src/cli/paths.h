// Paths as people write them.
#pragma once

#include <optional>
#include <string>

namespace seve {

// "$SCRATCH/seve" or "${SCRATCH}/seve" -> "/scratch/ana/seve"; nothing where a variable is not set
// or empty. A '$' that no name follows stays.
std::optional<std::string> ExpandVariables(const std::string& text);

// Seen from the working directory, without "." and ".." and a slash at the end; empty stays empty.
std::string AbsolutePath(const std::string& path);

}  // namespace seve
