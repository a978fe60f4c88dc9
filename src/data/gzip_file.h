// Reads and writes files of bytes, plain or gzip-compressed, and tells exactly what is wrong with a
// damaged one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace seve {

// Sequential reader. A name that ends in ".gz" must hold gzip data; other files are read as they
// are.
class ByteReader {
 public:
  // Throws Error(kData) when the file cannot be opened or is not gzip though its name says so.
  explicit ByteReader(const std::string& path);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  // Fills `bytes` as far as the contents reach and returns how many were read. Throws Error(kData)
  // when the compressed data is corrupt or ends early.
  size_t Read(std::span<uint8_t> bytes);

 private:
  struct Handle;
  std::string path_;
  std::unique_ptr<Handle> handle_;
};

// Writes `first` then `second` to `path` as gzip. The compressed bytes depend on the contents
// alone. Throws Error(kData) when the file cannot be written.
void WriteGzip(const std::string& path, std::span<const uint8_t> first,
               std::span<const uint8_t> second);

}  // namespace seve
