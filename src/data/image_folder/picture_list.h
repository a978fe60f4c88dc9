// The pictures of <split>/<class>/<picture> and their classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "data/image_folder/file_store.h"

namespace seve {

// Pictures in byte order of classes and, within one, of names.
struct PictureList {
  std::vector<StoredFile> files;
  std::vector<int32_t> labels;  // one a file

  [[nodiscard]] int64_t size() const { return static_cast<int64_t>(files.size()); }
};

struct SplitNames {
  std::string train;
  std::string test;  // empty: "test", else "val", whichever is there
};

struct PictureLists {
  std::vector<std::string> class_names;
  PictureList train, test;
};

// Names of classes, in byte order. Sets `names->test` where it is empty. Throws Error(kData) naming
// the folder and the remedy: a split that is not there, files outside of classes, a class that one
// split lacks.
std::vector<std::string> ListClasses(const FileStore& store, SplitNames* names);

// The pictures of one class of a split. Throws Error(kData) as above: no picture, a file that is
// none by its name, a folder among them. Files whose names begin with a dot do not count.
std::vector<StoredFile> ListClass(const FileStore& store, const std::string& split,
                                  const std::string& name);

PictureLists ListPictures(const FileStore& store, SplitNames names, WorkerPool& pool);

}  // namespace seve
