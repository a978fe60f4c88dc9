// Files in folders, on disk or in a tar archive, which is read without unpacking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace seve {

struct StoredFile {
  std::string name;    // from the store's root: "train/cat/1.jpg"
  int64_t offset = 0;  // in an archive
  int64_t size = 0;
};

// Both in byte order of their names.
struct FolderContents {
  std::vector<std::string> folders;  // their own names, without those above
  std::vector<StoredFile> files;
};

// Thread-safe. Every failure is Error(kData) that names the file.
class FileStore {
 public:
  virtual ~FileStore() = default;
  // What lies in `folder` itself, "" for the root; nothing when it is not there.
  [[nodiscard]] virtual FolderContents List(const std::string& folder) const = 0;
  [[nodiscard]] virtual std::vector<std::byte> Read(const StoredFile& file) const = 0;
  // How messages call a file or folder: "/data/pets/train" or "/data/pets.tar: train".
  [[nodiscard]] virtual std::string Place(const std::string& name) const = 0;
};

// `path` is a folder, or an archive, whose headers are read now. Where everything in an archive
// lies in one folder that is not called `within`, that is the root.
std::shared_ptr<const FileStore> OpenFileStore(const std::string& path, const std::string& within);

}  // namespace seve
