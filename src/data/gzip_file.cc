#include "data/gzip_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace seve {
namespace {

// gzread and gzwrite take an unsigned int; also the size of zlib's input buffer.
constexpr size_t kChunk = size_t{1} << 20;

struct CloseGzip {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzipHandle = std::unique_ptr<gzFile_s, CloseGzip>;

GzipHandle Open(const std::string& path, const char* mode) {
  errno = 0;
  GzipHandle file(gzopen(path.c_str(), mode));
  if (!file) ThrowData(fmt::format("{}: cannot be opened: {}", path, std::strerror(errno)));
  gzbuffer(file.get(), 1 << 18);
  return file;
}

void Write(gzFile file, const std::string& path, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const size_t count = std::min(bytes.size(), kChunk);
    if (gzwrite(file, bytes.data(), static_cast<unsigned>(count)) <= 0) {
      ThrowData(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
    }
    bytes = bytes.subspan(count);
  }
}

}  // namespace

struct ByteReader::Handle {
  GzipHandle file;
};

ByteReader::ByteReader(const std::string& path)
    : path_(path), handle_(std::make_unique<Handle>(Handle{Open(path, "rb")})) {
  // gzdirect looks at the first bytes; it calls an empty file direct, too.
  if (path.ends_with(".gz") && gzdirect(handle_->file.get()) != 0) {
    ThrowData(
        fmt::format("{}: is not a gzip file though its name says so (an empty file, or a page "
                    "saved instead of the "
                    "data?); fetch it again",
                    path));
  }
}

ByteReader::~ByteReader() = default;

size_t ByteReader::Read(std::span<uint8_t> bytes) {
  gzFile file = handle_->file.get();
  size_t done = 0;
  while (done < bytes.size()) {
    const size_t count = std::min(bytes.size() - done, kChunk);
    const int got = gzread(file, bytes.data() + done, static_cast<unsigned>(count));
    if (got > 0) done += static_cast<size_t>(got);
    if (got == static_cast<int>(count)) continue;
    int code = Z_OK;
    const char* text = gzerror(file, &code);
    if (code == Z_BUF_ERROR) {
      ThrowData(fmt::format("{}: the compressed data ends early; fetch the file again", path_));
    }
    if (code == Z_ERRNO)
      ThrowData(fmt::format("{}: cannot be read: {}", path_, std::strerror(errno)));
    if (code != Z_OK && code != Z_STREAM_END) {
      ThrowData(fmt::format("{}: the compressed data is corrupt ({}); fetch the file again", path_,
                            text));
    }
    break;
  }
  return done;
}

void WriteGzip(const std::string& path, std::span<const uint8_t> first,
               std::span<const uint8_t> second) {
  GzipHandle file = Open(path, "wb6");
  Write(file.get(), path, first);
  Write(file.get(), path, second);
  if (gzclose(file.release()) != Z_OK) {
    ThrowData(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
  }
}

}  // namespace seve
