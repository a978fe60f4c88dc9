// MANIFEST of a checkpoint folder: one line a file, "<bytes> <XXH3-128> <name>".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seve {

struct ManifestLine {
  uint64_t bytes = 0;
  std::string checksum;
  std::string name;
};

std::string ManifestText(const std::vector<ManifestLine>& lines);

// Checks that every file `needed` is listed and that every listed file of the folder has its size
// and its checksum. Throws Error(kData) naming the first file that is not as listed.
void VerifyManifest(const std::string& folder, const std::vector<std::string>& needed);

}  // namespace seve
