#include "data/image_folder/file_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "data/tar/tar_index.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

class FolderStore : public FileStore {
 public:
  explicit FolderStore(std::string root) : root_(std::move(root)) {}

  FolderContents List(const std::string& folder) const override {
    FolderContents contents;
    std::error_code ignored;
    if (!fs::is_directory(Place(folder), ignored)) return contents;
    const std::string above = folder.empty() ? "" : folder + "/";
    try {
      for (const auto& entry : fs::directory_iterator(Place(folder))) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory()) {
          contents.folders.push_back(name);
        } else {
          contents.files.push_back({above + name, 0, static_cast<int64_t>(entry.file_size())});
        }
      }
    } catch (const fs::filesystem_error& error) {
      ThrowData(
          fmt::format("{}: cannot be read: {}", error.path1().string(), error.code().message()));
    }
    std::ranges::sort(contents.folders);
    std::ranges::sort(contents.files, {}, &StoredFile::name);
    return contents;
  }

  std::vector<std::byte> Read(const StoredFile& file) const override {
    const InputFile input(Place(file.name));
    std::vector<std::byte> bytes(input.size());
    input.Read(0, bytes);
    return bytes;
  }

  std::string Place(const std::string& name) const override {
    return name.empty() ? root_ : (fs::path(root_) / name).string();
  }

 private:
  std::string root_;
};

class TarStore : public FileStore {
 public:
  TarStore(const std::string& path, const std::string& within) : input_(path) {
    const auto entries = IndexTar(path);
    const size_t root = RootLength(entries, within);
    for (const auto& entry : entries) {
      files_.push_back({entry.name.substr(root), entry.offset, entry.size});
    }
    // Of files that were put in twice, the later one counts, as when unpacking.
    std::ranges::stable_sort(files_, {}, &StoredFile::name);
    const auto again = [](const StoredFile& later, const StoredFile& one) {
      return later.name == one.name;
    };
    std::ranges::reverse(files_);
    files_.erase(std::unique(files_.begin(), files_.end(), again), files_.end());
    std::ranges::reverse(files_);
  }

  FolderContents List(const std::string& folder) const override {
    const std::string above = folder.empty() ? "" : folder + "/";
    FolderContents contents;
    auto file = std::ranges::lower_bound(files_, above, {}, &StoredFile::name);
    for (; file != files_.end() && file->name.starts_with(above); ++file) {
      const size_t end = file->name.find('/', above.size());
      if (end == std::string::npos) {
        contents.files.push_back(*file);
        continue;
      }
      const std::string name = file->name.substr(above.size(), end - above.size());
      if (contents.folders.empty() || contents.folders.back() != name) {
        contents.folders.push_back(name);
      }
    }
    std::ranges::sort(contents.folders);  // "a-b/" comes before "a/"
    return contents;
  }

  std::vector<std::byte> Read(const StoredFile& file) const override {
    std::vector<std::byte> bytes(static_cast<size_t>(file.size));
    input_.Read(static_cast<size_t>(file.offset), bytes);
    return bytes;
  }

  std::string Place(const std::string& name) const override {
    return name.empty() ? input_.path() : input_.path() + ": " + name;
  }

 private:
  // Of the folder that everything lies in, with its slash; 0 where there is none.
  static size_t RootLength(const std::vector<TarEntry>& entries, const std::string& within) {
    if (entries.empty()) return 0;
    const std::string& first = entries.front().name;
    const std::string root = first.substr(0, first.find('/') + 1);
    const bool shared =
        root != within + "/" && std::ranges::all_of(entries, [&](const TarEntry& entry) {
          return entry.name.starts_with(root);
        });
    return shared ? root.size() : 0;
  }

  InputFile input_;
  std::vector<StoredFile> files_;
};

}  // namespace

std::shared_ptr<const FileStore> OpenFileStore(const std::string& path, const std::string& within) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return std::make_shared<FolderStore>(path);
  return std::make_shared<TarStore>(path, within);
}

}  // namespace seve
