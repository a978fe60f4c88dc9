// The tar format: headers of 512 bytes, each followed by a file's contents. POSIX.1-1988 (ustar),
// GNU's long names and POSIX.1-2001 (pax) records for paths and sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace seve {

// Bytes that are read from the front to the back.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills `bytes` as far as the contents reach and returns how many were read.
  virtual size_t Read(std::span<uint8_t> bytes) = 0;
  virtual void Skip(int64_t bytes) = 0;
};

struct TarMember {
  std::string name;  // as stored, without "./" in front
  int64_t size = 0;
  bool is_file = false;  // a regular file, rather than a folder, a link or a device
};

class TarReader {
 public:
  // `path` is for messages. The stream must outlive the reader.
  TarReader(ByteStream& stream, std::string path) : stream_(stream), path_(std::move(path)) {}

  // The next member; its contents are what the stream brings next. Whoever reads of them reads
  // all, with ReadContents; otherwise they are skipped. Nothing at the end. Throws Error(kData)
  // naming the archive: no tar archive, damaged, ends early, a member that is stored sparsely.
  std::optional<TarMember> Next();
  // All of the member that Next() brought. `contents` is as long as it.
  void ReadContents(std::span<uint8_t> contents);
  // Where the stream is.
  [[nodiscard]] int64_t position() const { return position_; }

 private:
  void Read(std::span<uint8_t> bytes);
  void Skip(int64_t bytes);
  std::string ReadText(int64_t bytes);
  bool ReadHeader(std::span<uint8_t, 512> header);

  ByteStream& stream_;
  std::string path_;
  int64_t position_ = 0;
  int64_t left_ = 0;     // of the member's contents
  int64_t padding_ = 0;  // after them
};

}  // namespace seve
