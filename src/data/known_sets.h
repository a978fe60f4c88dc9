// The public data sets Sève can fetch: where they are and what their files' checksums are.
#pragma once

#include <string>
#include <vector>

#include "data/digest.h"

namespace seve {

struct KnownFile {
  std::string name;
  DigestKind kind = DigestKind::kSha256;
  std::string digest;
};

struct KnownSet {
  std::string name;   // "mnist": also its folder below --data
  std::string title;  // "MNIST"
  std::string url;    // of the folder that holds the files, with a slash at the end
  std::vector<KnownFile> files;
};

std::vector<KnownSet> KnownSets();

// Throws Error(kUsage) with near names.
KnownSet FindKnownSet(const std::string& name);

}  // namespace seve
