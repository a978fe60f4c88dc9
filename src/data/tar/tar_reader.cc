#include "data/tar/tar_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.h"

namespace seve {
namespace {

constexpr int64_t kBlock = 512;
// Longer than any path; a damaged header must not ask for the machine's whole memory.
constexpr int64_t kLongestText = int64_t{1} << 20;

// A field of a header; text ends at its first zero byte.
std::string_view Text(std::span<const uint8_t> header, size_t offset, size_t length) {
  const std::string_view field(reinterpret_cast<const char*>(&header[offset]), length);
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

// Octal digits among spaces, or GNU's binary form for what they cannot hold.
std::optional<int64_t> Number(std::span<const uint8_t> header, size_t offset, size_t length) {
  if ((header[offset] & 0x80) != 0) {
    uint64_t value = header[offset] & 0x3F;
    for (size_t i = 1; i < length; ++i) {
      if (value >> 54 != 0) return std::nullopt;
      value = value << 8 | header[offset + i];
    }
    return static_cast<int64_t>(value);
  }
  std::string_view digits = Text(header, offset, length);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  while (digits.ends_with(' ')) digits.remove_suffix(1);
  int64_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, 8);
  if (digits.empty()) return 0;
  if (parsed.ec != std::errc() || parsed.ptr != end || value < 0) return std::nullopt;
  return value;
}

// Bytes added up, the sum's own field taken for spaces.
bool ChecksumHolds(std::span<const uint8_t> header) {
  constexpr size_t kSum = 148, kLength = 8;
  int64_t sum = 0;
  for (size_t i = 0; i < header.size(); ++i) {
    sum += i >= kSum && i < kSum + kLength ? ' ' : header[i];
  }
  return Number(header, kSum, kLength) == sum;
}

std::string NameIn(std::span<const uint8_t> header) {
  const std::string name(Text(header, 0, 100));
  // Old GNU archives keep other things where ustar has the front of long names.
  const bool ustar = Text(header, 257, 8) == "ustar" && header[263] == '0';
  const std::string prefix(ustar ? Text(header, 345, 155) : std::string_view());
  return prefix.empty() ? name : prefix + "/" + name;
}

// What a pax header changes of the member behind it: records "LENGTH KEY=VALUE\n".
struct Changes {
  std::optional<std::string> name;
  std::optional<int64_t> size;
  bool sparse = false;
};

void Apply(std::string_view records, Changes* changes) {
  while (!records.empty()) {
    size_t length = 0;
    const auto [end, failure] =
        std::from_chars(records.data(), records.data() + records.size(), length);
    const auto digits = static_cast<size_t>(end - records.data());
    if (failure != std::errc() || length <= digits + 1 || length > records.size()) return;
    std::string_view record = records.substr(digits + 1, length - digits - 2);
    records.remove_prefix(length);
    const size_t equals = std::min(record.find('='), record.size());
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = record.substr(std::min(equals + 1, record.size()));
    if (key == "path") changes->name = std::string(value);
    if (key == "size") {
      int64_t size = 0;
      std::from_chars(value.data(), value.data() + value.size(), size);
      changes->size = std::max<int64_t>(size, 0);
    }
    if (key.starts_with("GNU.sparse")) changes->sparse = true;
  }
}

std::string Tidy(std::string name) {
  while (name.starts_with("./")) name.erase(0, 2);
  return name;
}

}  // namespace

void TarReader::Read(std::span<uint8_t> bytes) {
  const size_t got = stream_.Read(bytes);
  position_ += static_cast<int64_t>(got);
  if (got == bytes.size()) return;
  ThrowData(fmt::format("{}: the archive ends early, at byte {}; copy or fetch it again", path_,
                        position_));
}

void TarReader::Skip(int64_t bytes) {
  if (bytes > 0) stream_.Skip(bytes);
  position_ += bytes;
}

std::string TarReader::ReadText(int64_t bytes) {
  if (bytes > kLongestText) {
    ThrowData(fmt::format("{}: a name of {} bytes at byte {}: the archive is damaged", path_, bytes,
                          position_));
  }
  std::string text(static_cast<size_t>(bytes), '\0');
  Read({reinterpret_cast<uint8_t*>(text.data()), text.size()});
  Skip((kBlock - bytes % kBlock) % kBlock);
  return text;
}

// False at the end: a block of zeros, or nothing at all after whole members.
bool TarReader::ReadHeader(std::span<uint8_t, 512> header) {
  const size_t got = stream_.Read(header);
  position_ += static_cast<int64_t>(got);
  if (got == 0 && position_ > 0) return false;
  const bool whole = got == header.size();
  if (whole && std::ranges::all_of(header, [](uint8_t byte) { return byte == 0; })) return false;
  if (whole && ChecksumHolds(header)) return true;
  const int64_t at = position_ - static_cast<int64_t>(got);
  ThrowData(at == 0 ? fmt::format("{}: is no tar archive", path_)
                    : fmt::format("{}: no header of a file at byte {}: the archive is damaged or "
                                  "ends early; copy or fetch it again",
                                  path_, at));
}

std::optional<TarMember> TarReader::Next() {
  Skip(left_ + padding_);
  left_ = padding_ = 0;
  Changes changes;
  uint8_t header[kBlock];
  while (ReadHeader(header)) {
    const char type = static_cast<char>(header[156]);
    const auto size = Number(header, 124, 12);
    if (!size) {
      ThrowData(fmt::format("{}: a file of no size at byte {}: the archive is damaged", path_,
                            position_ - kBlock));
    }
    if (type == 'L') {
      changes.name = ReadText(*size).c_str();  // up to its zero byte
    } else if (type == 'x') {
      Apply(ReadText(*size), &changes);
    } else if (type == 'g' || type == 'K') {
      Skip((*size + kBlock - 1) / kBlock * kBlock);
    } else {
      TarMember member;
      member.name = Tidy(changes.name ? *changes.name : NameIn(header));
      member.is_file = type == '0' || type == '\0' || type == '7';
      if (type == 'S' || changes.sparse) {
        ThrowData(
            fmt::format("{}: {} is stored sparsely, which is not read: make the archive "
                        "without --sparse",
                        path_, member.name));
      }
      // Links and folders have no contents, whatever their headers say.
      const bool empty = type >= '1' && type <= '6';
      member.size = empty ? 0 : changes.size.value_or(*size);
      // Old archives mark folders by the end of their names alone.
      if (member.name.ends_with('/')) member.is_file = false;
      left_ = member.size;
      padding_ = (kBlock - left_ % kBlock) % kBlock;
      return member;
    }
  }
  return std::nullopt;
}

void TarReader::ReadContents(std::span<uint8_t> contents) {
  Check(static_cast<int64_t>(contents.size()) == left_, "a member is read whole or not at all");
  Read(contents);
  left_ = 0;
}

}  // namespace seve
