#include "data/idx.h"

#include <fmt/format.h>

#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/gzip_file.h"

namespace seve {
namespace {

constexpr uint32_t kUnsignedByte = 0x08;
// More than any picture set we can hold; a damaged header must not ask for the machine's whole
// memory.
constexpr int64_t kLargest = int64_t{1} << 38;

uint32_t BigEndian(std::span<const uint8_t, 4> bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

void AppendBigEndian(std::vector<uint8_t>& bytes, uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<uint8_t>(value >> shift));
}

uint32_t Magic(size_t rank) { return kUnsignedByte << 8 | static_cast<uint32_t>(rank); }

uint32_t ReadWord(ByteReader& reader, const std::string& path) {
  uint8_t bytes[4];
  if (reader.Read(bytes) != 4) ThrowData(fmt::format("{}: ends early, inside its header", path));
  return BigEndian(bytes);
}

Shape ReadHeader(ByteReader& reader, const std::string& path, size_t rank) {
  const uint32_t magic = ReadWord(reader, path);
  if (magic != Magic(rank)) {
    ThrowData(
        fmt::format("{}: wrong magic number: found 0x{:08x}, expected 0x{:08x} ({} of unsigned "
                    "bytes in the IDX format); "
                    "is this another file under the wrong name?",
                    path, magic, Magic(rank), rank == 1 ? "labels" : "pictures"));
  }
  std::vector<int64_t> extents;
  int64_t elements = 1;
  for (size_t axis = 0; axis < rank; ++axis) {
    extents.push_back(ReadWord(reader, path));
    if (extents.back() == 0)
      ThrowData(fmt::format("{}: holds no samples (shape has a zero)", path));
    if (extents.back() > kLargest / elements) {
      ThrowData(
          fmt::format("{}: its header asks for an impossible size; the file is damaged", path));
    }
    elements *= extents.back();
  }
  return Shape(std::move(extents));
}

}  // namespace

IdxArray ReadIdx(const std::string& path, size_t rank) {
  ByteReader reader(path);
  IdxArray array;
  array.shape = ReadHeader(reader, path, rank);
  const auto elements = static_cast<size_t>(array.shape.elements());
  array.bytes = Buffer(elements);
  const size_t found = reader.Read(array.Bytes());
  if (found != elements) {
    ThrowData(fmt::format("{}: ends early: its header announces shape {}, {} bytes, but {} follow",
                          path, array.shape.ToString(),
                          WithThousands(static_cast<int64_t>(elements)),
                          WithThousands(static_cast<int64_t>(found))));
  }
  uint8_t extra;
  if (reader.Read({&extra, 1}) != 0) {
    ThrowData(fmt::format("{}: bytes are left over after the {} its header announces (shape {})",
                          path, WithThousands(static_cast<int64_t>(elements)),
                          array.shape.ToString()));
  }
  return array;
}

void WriteIdx(const std::string& path, const Shape& shape, std::span<const uint8_t> bytes) {
  Check(static_cast<size_t>(shape.elements()) == bytes.size(), "IDX shape and bytes disagree");
  std::vector<uint8_t> header;
  AppendBigEndian(header, Magic(shape.rank()));
  for (const int64_t extent : shape.extents())
    AppendBigEndian(header, static_cast<uint32_t>(extent));
  WriteGzip(path, header, bytes);
}

}  // namespace seve
