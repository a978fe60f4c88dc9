#include "data/tar/tar_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/file.h"
#include "data/tar/tar_reader.h"

namespace seve {
namespace {

// Reads a piece at a time: many small files lie in one, but of large ones headers alone are wanted.
class FileStream : public ByteStream {
 public:
  explicit FileStream(const InputFile& file) : file_(file), piece_(kLongPiece) {}

  size_t Read(std::span<uint8_t> bytes) override {
    size_t done = 0;
    while (done < bytes.size() && at_ < file_.size()) {
      if (at_ < begin_ || at_ >= end_) Load();
      const size_t count = std::min(bytes.size() - done, end_ - at_);
      std::copy_n(piece_.begin() + static_cast<ptrdiff_t>(at_ - begin_), count,
                  bytes.begin() + static_cast<ptrdiff_t>(done));
      done += count;
      at_ += count;
    }
    return done;
  }

  void Skip(int64_t bytes) override {
    at_ += static_cast<size_t>(bytes);
    wanted_ = static_cast<size_t>(bytes) < kLongPiece ? kLongPiece : kShortPiece;
  }

 private:
  static constexpr size_t kShortPiece = size_t{1} << 12, kLongPiece = size_t{1} << 16;

  void Load() {
    begin_ = at_;
    end_ = std::min(at_ + wanted_, file_.size());
    file_.Read(begin_, std::as_writable_bytes(std::span(piece_).first(end_ - begin_)));
  }

  const InputFile& file_;
  std::vector<uint8_t> piece_;
  size_t begin_ = 0, end_ = 0;  // the part of the file in `piece_`
  size_t at_ = 0;
  size_t wanted_ = kLongPiece;
};

void RefuseCompressed(const InputFile& file) {
  uint8_t start[6] = {};
  const auto known = std::span(start).first(std::min(file.size(), sizeof(start)));
  file.Read(0, std::as_writable_bytes(known));
  const bool gzip = start[0] == 0x1F && start[1] == 0x8B;
  const bool xz = start[0] == 0xFD && start[1] == '7' && start[2] == 'z';
  const bool zstd = start[0] == 0x28 && start[1] == 0xB5 && start[2] == 0x2F && start[3] == 0xFD;
  if (!gzip && !xz && !zstd) return;
  ThrowData(fmt::format(
      "{} is compressed, so single files cannot be read out of it, and pictures are compressed "
      "already: decompress it once with {} {}",
      file.path(),
      gzip ? "gunzip"
      : xz ? "unxz"
           : "unzstd",
      file.path()));
}

}  // namespace

std::vector<TarEntry> IndexTar(const std::string& path) {
  const InputFile file(path);
  RefuseCompressed(file);
  FileStream stream(file);
  TarReader reader(stream, path);
  std::vector<TarEntry> entries;
  while (auto member = reader.Next()) {
    if (!member->is_file) continue;
    if (reader.position() + member->size > static_cast<int64_t>(file.size())) {
      ThrowData(fmt::format("{}: the archive ends within {}; copy or fetch it again", path,
                            member->name));
    }
    entries.push_back({std::move(member->name), reader.position(), member->size});
  }
  return entries;
}

}  // namespace seve
