#include "data/cifar/cifar.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "data/gzip_file.h"
#include "data/tar/tar_reader.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

constexpr size_t kSide = 32, kPlane = kSide * kSide, kPixels = 3 * kPlane;

std::optional<std::string> PlainOrGzip(const fs::path& path) {
  for (const char* ending : {"", ".gz"}) {
    std::error_code ignored;
    if (fs::is_regular_file(path.string() + ending, ignored)) return path.string() + ending;
  }
  return std::nullopt;
}

Bytes ReadWhole(const std::string& path) {
  constexpr size_t kPiece = size_t{1} << 20;
  ByteReader reader(path);
  Bytes bytes;
  for (size_t got = kPiece; got == kPiece;) {
    const size_t before = bytes.size();
    bytes.resize(before + kPiece);
    got = reader.Read(std::span(bytes).subspan(before));
    bytes.resize(before + got);
  }
  return bytes;
}

// An archive that is read through once, unpacked on the way.
class ArchiveStream : public ByteStream {
 public:
  explicit ArchiveStream(const std::string& path) : reader_(path) {}
  size_t Read(std::span<uint8_t> bytes) override { return reader_.Read(bytes); }
  void Skip(int64_t bytes) override {
    Bytes piece(static_cast<size_t>(std::min<int64_t>(bytes, 1 << 16)));
    while (bytes > 0) {
      const auto part = static_cast<size_t>(std::min<int64_t>(bytes, piece.size()));
      if (reader_.Read(std::span(piece).first(part)) < part) return;
      bytes -= static_cast<int64_t>(part);
    }
  }

 private:
  ByteReader reader_;
};

// The set's files by their names, those that are there.
using Files = std::map<std::string, Bytes>;

std::vector<std::string> NamesOf(const CifarLayout& layout) {
  std::vector<std::string> names = layout.train;
  names.insert(names.end(), layout.test.begin(), layout.test.end());
  names.push_back(layout.names_file);
  return names;
}

Files ReadArchive(const std::string& path, const CifarLayout& layout) {
  const auto names = NamesOf(layout);
  ArchiveStream stream(path);
  TarReader reader(stream, path);
  Files files;
  while (const auto member = reader.Next()) {
    const std::string name = fs::path(member->name).filename().string();
    if (!member->is_file || std::ranges::find(names, name) == names.end()) continue;
    Bytes& bytes = files[name];
    bytes.resize(static_cast<size_t>(member->size));
    reader.ReadContents(bytes);
  }
  return files;
}

Files ReadFolder(const std::string& path, const CifarLayout& layout) {
  Files files;
  for (const auto& name : NamesOf(layout)) {
    if (const auto file = PlainOrGzip(fs::path(path) / name)) files[name] = ReadWhole(*file);
  }
  return files;
}

// The records of one split, checked and put together.
class Split {
 public:
  Split(const CifarPlace& place, const CifarLayout& layout, const Files& files,
        const std::vector<std::string>& names)
      : place_(place), layout_(layout), record_(layout.labels + kPixels) {
    int64_t count = 0;
    for (const auto& name : names) {
      const Bytes& bytes = Require(files, name);
      CheckSize(name, bytes.size());
      count += static_cast<int64_t>(bytes.size() / record_);
    }
    samples_.picture = Shape{3, kSide, kSide};
    samples_.pixels = Buffer(static_cast<size_t>(count) * kPixels);
    samples_.class_names = ClassNames(files);
    samples_.classes = static_cast<int64_t>(layout.class_names.size());
    for (const auto& name : names) Add(name, files.at(name));
  }

  ImageSamples Take() { return std::move(samples_); }

 private:
  [[nodiscard]] std::string PathOf(const std::string& name) const {
    return place_.archive ? place_.path + ": " + name : (fs::path(place_.path) / name).string();
  }

  [[nodiscard]] const Bytes& Require(const Files& files, const std::string& name) const {
    const auto found = files.find(name);
    if (found == files.end()) ThrowData(fmt::format("{}: is not there", PathOf(name)));
    return found->second;
  }

  void CheckSize(const std::string& name, size_t size) const {
    if (size > 0 && size % record_ == 0) return;
    const auto bytes = [](size_t count) { return WithThousands(static_cast<int64_t>(count)); };
    ThrowData(fmt::format(
        "{}: its {} bytes are no whole number of records of {} ({} of labels, {} "
        "of pixels): it is cut short, or no file of the binary version of {}",
        PathOf(name), bytes(size), bytes(record_), layout_.labels, bytes(kPixels), layout_.title));
  }

  // One name a line.
  [[nodiscard]] std::vector<std::string> ClassNames(const Files& files) const {
    const auto found = files.find(layout_.names_file);
    if (found == files.end()) return layout_.class_names;
    std::istringstream text(std::string(found->second.begin(), found->second.end()));
    std::vector<std::string> names;
    for (std::string name; std::getline(text, name);) {
      if (name.ends_with('\r')) name.pop_back();
      if (!name.empty()) names.push_back(name);
    }
    if (names.size() != layout_.class_names.size()) {
      ThrowData(fmt::format("{}: names {} classes, but {} has {}; it may as well be removed",
                            PathOf(layout_.names_file), names.size(), layout_.title,
                            layout_.class_names.size()));
    }
    return names;
  }

  void Add(const std::string& name, const Bytes& bytes) {
    for (size_t at = 0; at < bytes.size(); at += record_) {
      const uint8_t label = bytes[at + layout_.label];
      if (label >= samples_.classes) {
        ThrowData(
            fmt::format("{}: record {} has the label {}, but there are {} classes: it is no "
                        "file of the binary version of {}",
                        PathOf(name), at / record_, label, samples_.classes, layout_.title));
      }
      samples_.labels.push_back(label);
      const uint8_t* planes = &bytes[at + layout_.labels];
      uint8_t* pixel = samples_.Picture(samples_.size() - 1).data();
      for (size_t place = 0; place < kPlane; ++place) {
        for (size_t channel = 0; channel < 3; ++channel) {
          *pixel++ = planes[channel * kPlane + place];
        }
      }
    }
  }

  const CifarPlace& place_;
  const CifarLayout& layout_;
  const size_t record_;
  ImageSamples samples_;
};

}  // namespace

std::optional<CifarPlace> FindCifar(const std::string& folder, const CifarLayout& layout) {
  auto names = layout.train;
  names.insert(names.end(), layout.test.begin(), layout.test.end());
  for (const auto& place : {fs::path(folder), fs::path(folder) / layout.subfolder}) {
    const bool whole = std::ranges::all_of(
        names, [&](const std::string& name) { return PlainOrGzip(place / name).has_value(); });
    if (whole) return CifarPlace{place.string(), false};
  }
  const auto archive = PlainOrGzip(fs::path(folder) / layout.archive);
  if (archive) return CifarPlace{*archive, true};
  return std::nullopt;
}

CifarSamples ReadCifar(const CifarPlace& place, const CifarLayout& layout) {
  const Files files =
      place.archive ? ReadArchive(place.path, layout) : ReadFolder(place.path, layout);
  return {Split(place, layout, files, layout.train).Take(),
          Split(place, layout, files, layout.test).Take()};
}

}  // namespace seve
