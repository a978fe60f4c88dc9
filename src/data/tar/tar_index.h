// The files of a tar archive and where they lie in it, so that it can be read without unpacking.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seve {

struct TarEntry {
  std::string name;
  int64_t offset = 0;  // of its first byte in the archive
  int64_t size = 0;
};

// Regular files, in the order in which they are stored. Reads headers alone: one pass. Throws
// Error(kData) as TarReader does, and for an archive that is compressed or that ends within a file.
std::vector<TarEntry> IndexTar(const std::string& path);

}  // namespace seve
