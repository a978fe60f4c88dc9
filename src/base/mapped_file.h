// A file mapped read-only into memory: its bytes are read from disk when they are looked at, and
// shared by all processes of a machine.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace seve {

// Move-only. The file must not become shorter while it is mapped: reading what is gone ends the
// program (SIGBUS).
class MappedFile {
 public:
  MappedFile() = default;  // no file, no bytes
  // Throws Error(kData) with the path and errno's text. An empty file has no bytes.
  explicit MappedFile(std::string path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  // They stay where they are when the object is moved.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::string path_;
  std::span<const std::byte> bytes_;
};

}  // namespace seve
