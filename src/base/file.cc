#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void ThrowErrno(const char* verb, const std::string& path, int error = errno) {
  ThrowData(fmt::format("cannot {} {}: {}", verb, path, std::strerror(error)));
}

// Closes on every path; Close() reports what close(2) says, the destructor does not.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, const char* verb) : path_(path) {
    value_ = open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (value_ < 0) ThrowErrno(verb, path);
  }
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int value() const { return value_; }
  void Close() {
    const int result = close(value_);
    value_ = -1;
    if (result != 0) ThrowErrno("write", path_);
  }

 private:
  std::string path_;
  int value_ = -1;
};

void WriteAll(int descriptor, std::span<const std::byte> bytes, const std::string& path,
              const FileCalls& calls) {
  while (!bytes.empty()) {
    const ssize_t written = calls.write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) ThrowErrno("write", path);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

std::string ParentOf(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// A hidden name beside `path`.
std::string TemporaryFor(const std::string& path) {
  const fs::path whole(path);
  return (whole.parent_path() / ("." + whole.filename().string() + ".new")).string();
}

bool IsFolder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool Exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

void ReplaceByRename(const std::string& from, const std::string& to, const FileCalls& calls) {
  if (calls.rename(from.c_str(), to.c_str()) == 0) return;
  const int error = errno;
  unlink(from.c_str());
  ThrowErrno("replace", to, error);
}

// Moves what is at `to` out of the way under a hidden name, then `from` to its place.
void MoveInTwoSteps(const std::string& from, const std::string& to, const FileCalls& calls) {
  const std::string aside = TemporaryFor(to) + ".old";
  RemoveTree(aside);
  if (calls.rename(to.c_str(), aside.c_str()) != 0) ThrowErrno("replace", to);
  if (calls.rename(from.c_str(), to.c_str()) != 0) {
    const int error = errno;
    calls.rename(aside.c_str(), to.c_str());
    ThrowErrno("replace", to, error);
  }
  RemoveTree(aside);
}

}  // namespace

FileCalls SystemFileCalls() { return {::write, ::fsync, ::rename}; }

InputFile::InputFile(std::string path) : path_(std::move(path)) {
  descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) ThrowErrno("open", path_);
  struct stat status {};
  const int result = fstat(descriptor_, &status);
  const int error = result != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
  if (error != 0) {
    close(descriptor_);
    ThrowErrno("read", path_, error);
  }
  size_ = static_cast<size_t>(status.st_size);
}

InputFile::~InputFile() { close(descriptor_); }

void InputFile::Read(size_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) ThrowErrno("read", path_);
    if (count == 0)
      ThrowData(fmt::format("{} ends after {} bytes: it is truncated", path_, offset));
    offset += static_cast<size_t>(count);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

std::string ReadFile(const std::string& path) {
  const InputFile file(path);
  std::string text(file.size(), '\0');
  file.Read(0, std::as_writable_bytes(std::span(text)));
  return text;
}

void WriteFileDurably(const std::string& path, std::span<const std::byte> bytes,
                      const FileCalls& calls) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC, "create");
  WriteAll(file.value(), bytes, path, calls);
  if (calls.sync(file.value()) != 0) ThrowErrno("write", path);
  file.Close();
}

void WriteFileAtomically(const std::string& path, std::string_view text, const FileCalls& calls) {
  const std::string temporary = TemporaryFor(path);
  try {
    WriteFileDurably(temporary, BytesOf(text), calls);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  ReplaceByRename(temporary, path, calls);
  SyncFolder(ParentOf(path), calls);
}

void SyncFolder(const std::string& path, const FileCalls& calls) {
  const Descriptor folder(path, O_RDONLY | O_DIRECTORY, "open the folder");
  if (calls.sync(folder.value()) != 0) ThrowErrno("write to the folder", path);
}

void MakeFolders(const std::string& path, const FileCalls& calls) {
  if (IsFolder(path)) return;
  const std::string parent = ParentOf(path);
  if (parent != path) MakeFolders(parent, calls);
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) ThrowErrno("create the folder", path);
  if (!IsFolder(path)) ThrowErrno("create the folder", path, ENOTDIR);
  SyncFolder(parent, calls);
}

void MoveFolder(const std::string& from, const std::string& to, const FileCalls& calls) {
  if (!Exists(to)) {
    if (calls.rename(from.c_str(), to.c_str()) != 0) ThrowErrno("create", to);
  } else if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
    RemoveTree(from);
  } else if (errno == EINVAL || errno == ENOSYS) {
    MoveInTwoSteps(from, to, calls);
  } else {
    ThrowErrno("replace", to);
  }
  SyncFolder(ParentOf(to), calls);
}

void ReplaceSymlinkAtomically(const std::string& target, const std::string& link,
                              const FileCalls& calls) {
  const std::string temporary = TemporaryFor(link);
  unlink(temporary.c_str());
  if (symlink(target.c_str(), temporary.c_str()) != 0) ThrowErrno("create the link", link);
  ReplaceByRename(temporary, link, calls);
  SyncFolder(ParentOf(link), calls);
}

void RemoveTree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) ThrowErrno("remove", path, error.value());
}

std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace seve
