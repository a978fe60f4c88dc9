// Pictures in <path>/<split>/<class>/<picture>, in a folder or in a tar archive of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "data/image_folder/folder_pictures.h"

namespace seve {

struct ImageFolderRequest {
  std::string path;  // that is there
  SplitNames splits;
  int64_t height = 0, width = 0;  // 0: all pictures have one size, that of the first
  int64_t resize = 0;             // with height and width
  int64_t channels = 3;
  bool leave_out_unreadable = false;
};

// A split's pictures are decoded by whoever asks them.
struct ImageFolder {
  std::unique_ptr<FolderPictures> train, test;
  std::vector<std::string> class_names;
  std::vector<std::string> notes;  // what was left out
};

// Lists both splits and, to leave out, decodes all. Throws Error(kData) as ListPictures, and for a
// first picture that cannot be read.
ImageFolder OpenImageFolder(const ImageFolderRequest& request, WorkerPool& pool);

struct ImageFolderShape {
  Shape picture;
  int64_t classes = 0;
};

// The same without listing pictures: of a folder, a moment's work.
ImageFolderShape PeekImageFolder(const ImageFolderRequest& request);

// How pictures are brought to the request's size where it names one.
PictureSizing SizingOf(const ImageFolderRequest& request);

}  // namespace seve
