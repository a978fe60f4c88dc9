// The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one or two labels and
// 3,072 bytes, a plane of 32x32 for each of red, green and blue.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "data/samples.h"

namespace seve {

enum class CifarKind { k10, k100, k100Coarse };

// What the sets differ in.
struct CifarLayout {
  std::string title;      // "CIFAR-10"
  std::string set;        // "cifar10", for `seve data get`
  std::string subfolder;  // that the archive unpacks to
  std::string archive;    // "cifar-10-binary.tar", or that with ".gz"
  std::vector<std::string> train, test;
  std::string names_file = {};
  std::vector<std::string> class_names = {};  // where that file is missing
  size_t labels = 1;                          // bytes of a record before the pixels
  size_t label = 0;                           // which of them counts
};

const CifarLayout& LayoutOf(CifarKind kind);

// Where the files are: in a folder, or in an archive of it, itself perhaps compressed.
struct CifarPlace {
  std::string path;
  bool archive = false;
};

// In the folder, in its subfolder of the original name, or in the original archive beside them.
// Nothing where a file is missing.
std::optional<CifarPlace> FindCifar(const std::string& folder, const CifarLayout& layout);

struct CifarSamples {
  ImageSamples train, test;
};

// Pictures (3, 32, 32). Throws Error(kData) naming the file: see ByteReader and TarReader; a size
// that is no whole number of records; a label that is no class.
CifarSamples ReadCifar(const CifarPlace& place, const CifarLayout& layout);

}  // namespace seve
