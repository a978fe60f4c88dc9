// A folder of IDX files: which files make up a split, and their samples, checked against each
// other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/samples.h"

namespace seve {

struct IdxPair {
  std::string images;
  std::string labels;
};

// The files of `prefix` ("train", "t10k", "emnist-letters-test") in `folder`: "-images-idx3-ubyte"
// or
// "-images.idx3-ubyte", each plain or ".gz", plain first. Nothing when a file is not there.
std::optional<IdxPair> FindIdxPair(const std::string& folder, const std::string& prefix);

// The prefix of the training files beside test files of this prefix: "emnist-letters-test" goes
// with "emnist-letters-train", "t10k" with "train".
std::string TrainPrefix(const std::string& test_prefix);

// Reads one split, pictures as (1, H, W). classes: labels must be below it; 0 takes the largest
// label + 1. Throws Error(kData): see ReadIdx; counts that differ; a label out of range, with its
// position; files that are missing, with what was looked for.
ImageSamples ReadIdxSamples(const std::string& folder, const std::string& prefix, int64_t classes);

// Writes both files of a split as ".gz". Pictures must have one channel. Throws Error(kData).
void WriteIdxSamples(const std::string& folder, const std::string& prefix,
                     const ImageSamples& samples);

}  // namespace seve
