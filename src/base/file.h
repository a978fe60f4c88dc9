// Files as the program needs them: read whole or in parts, written so that a crash leaves the old
// or the new.
//
// Every failure is Error(kData) with the path and errno's text.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seve {

// The system calls that can fail when a disk is full or broken; tests put faulty ones in their
// place.
struct FileCalls {
  std::function<ssize_t(int, const void*, size_t)> write;
  std::function<int(int)> sync;
  std::function<int(const char*, const char*)> rename;
};
// write(2), fsync(2), rename(2).
FileCalls SystemFileCalls();

// A file open for reading.
class InputFile {
 public:
  explicit InputFile(std::string path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] size_t size() const { return size_; }

  // Fills `bytes` from this offset; a file that ends before is an error.
  void Read(size_t offset, std::span<std::byte> bytes) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  size_t size_ = 0;
};

std::string ReadFile(const std::string& path);

// Creates or truncates, writes everything, fsyncs. After a failure the file may hold a part.
void WriteFileDurably(const std::string& path, std::span<const std::byte> bytes,
                      const FileCalls& calls = SystemFileCalls());

// Readers see the old file or the whole new one, whatever happens in between.
void WriteFileAtomically(const std::string& path, std::string_view text,
                         const FileCalls& calls = SystemFileCalls());

// Makes creations, renames and removals within a folder survive a power failure.
void SyncFolder(const std::string& path, const FileCalls& calls = SystemFileCalls());

// mkdir -p, each new folder made durable in its parent.
void MakeFolders(const std::string& path, const FileCalls& calls = SystemFileCalls());

// Renames a folder; one that is at `to` already is exchanged for it in one step (where the file
// system can exchange, otherwise in two) and removed.
void MoveFolder(const std::string& from, const std::string& to,
                const FileCalls& calls = SystemFileCalls());

// Points the symbolic link `link` at `target` (taken relative to the link's folder), new or instead
// of an old one.
void ReplaceSymlinkAtomically(const std::string& target, const std::string& link,
                              const FileCalls& calls = SystemFileCalls());

// Removes a file or a folder with everything in it; nothing there is not an error. Follows no
// links.
void RemoveTree(const std::string& path);

// XXH3-128 (https://xxhash.com) as 32 lower-case hexadecimal digits, most significant first, as
// `xxhsum -H2` prints.
std::string Xxh3Hex(std::span<const std::byte> bytes);
// Of a file's contents, read a piece at a time.
std::string Xxh3HexOfFile(const std::string& path);

// XXH3-64.
uint64_t Xxh3(std::span<const std::byte> bytes);

// Bytes of a text, for the functions above.
std::span<const std::byte> BytesOf(std::string_view text);

}  // namespace seve
