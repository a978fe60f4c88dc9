#include "tensor/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLengthBytes = 8;
constexpr size_t kLongestHeader = 100'000'000;  // the reference implementation's limit

struct Named {
  ElementType element;
  const char* name;
};

constexpr Named kNames[] = {
    {ElementType::kBool, "BOOL"},   {ElementType::kUint8, "U8"},
    {ElementType::kUint16, "U16"},  {ElementType::kUint32, "U32"},
    {ElementType::kInt8, "I8"},     {ElementType::kInt16, "I16"},
    {ElementType::kInt32, "I32"},   {ElementType::kInt64, "I64"},
    {ElementType::kFloat16, "F16"}, {ElementType::kBfloat16, "BF16"},
    {ElementType::kFloat32, "F32"}, {ElementType::kFloat64, "F64"},
};

// Reads and checks the header of one file.
class HeaderReader {
  using Entry = SafetensorsHeader::Entry;

 public:
  explicit HeaderReader(const InputFile& file) : file_(file) {}

  SafetensorsHeader Read() {
    const Json header = Parse(Text());
    for (const auto& [name, value] : header.items()) {
      if (name == "__metadata__") {
        ReadMetadata(value);
      } else {
        result_.entries.push_back(ReadEntry(name, value));
      }
    }
    CheckCoverage();
    return std::move(result_);
  }

 private:
  [[noreturn]] void Fail(const std::string& what) const {
    ThrowData(fmt::format("{} is not a usable safetensors file: {}", file_.path(), what));
  }

  std::string Text() {
    if (file_.size() < kLengthBytes) {
      Fail(fmt::format("it has {} bytes, too short for a header", file_.size()));
    }
    uint64_t length = 0;
    file_.Read(0, std::as_writable_bytes(std::span(&length, 1)));
    if (length > kLongestHeader || length > file_.size() - kLengthBytes) {
      Fail(fmt::format("its header should have {} bytes, the whole file has {} (truncated?)",
                       length, file_.size()));
    }
    result_.data_start = kLengthBytes + length;
    std::string text(length, '\0');
    file_.Read(kLengthBytes, std::as_writable_bytes(std::span(text)));
    return text;
  }

  [[nodiscard]] Json Parse(const std::string& text) const {
    std::set<std::string> names;
    std::string twice;
    const auto note_names = [&](int depth, Json::parse_event_t event, Json& value) {
      if (event == Json::parse_event_t::key && depth == 1 &&
          !names.insert(value.get<std::string>()).second) {
        twice = value.get<std::string>();
      }
      return true;
    };
    try {
      Json header = Json::parse(text, note_names);
      if (!header.is_object()) Fail("its header is not a JSON object");
      if (!twice.empty()) Fail(fmt::format("its header names '{}' twice", twice));
      return header;
    } catch (const Json::parse_error& error) {
      Fail(fmt::format("its header is not JSON ({})", error.what()));
    }
  }

  void ReadMetadata(const Json& value) {
    if (!value.is_object()) Fail("__metadata__ is not an object");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) Fail(fmt::format("__metadata__ '{}' is not a string", key));
      result_.metadata[key] = text.get<std::string>();
    }
  }

  [[nodiscard]] Entry ReadEntry(const std::string& name, const Json& value) const {
    if (!value.is_object()) Fail(fmt::format("tensor '{}' is not described by an object", name));
    Entry entry{name, ReadElement(name, value), Shape(ReadCounts(name, value, "shape")), 0, 0};
    const std::vector<int64_t> offsets = ReadCounts(name, value, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      Fail(fmt::format("data_offsets of tensor '{}' are not a begin and an end", name));
    }
    entry.begin = static_cast<size_t>(offsets[0]);
    entry.end = static_cast<size_t>(offsets[1]);
    CheckSize(entry);
    return entry;
  }

  [[nodiscard]] ElementType ReadElement(const std::string& name, const Json& value) const {
    const auto found = value.find("dtype");
    if (found == value.end() || !found->is_string()) {
      Fail(fmt::format("tensor '{}' has no dtype", name));
    }
    const auto text = found->get<std::string>();
    for (const auto& [element, known] : kNames) {
      if (text == known) return element;
    }
    Fail(fmt::format("tensor '{}' has dtype {}, which cannot be read", name, text));
  }

  [[nodiscard]] std::vector<int64_t> ReadCounts(const std::string& name, const Json& value,
                                                const char* key) const {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_array()) {
      Fail(fmt::format("tensor '{}' has no {}", name, key));
    }
    std::vector<int64_t> counts;
    for (const Json& count : *found) {
      if (!count.is_number_unsigned() || count.get<uint64_t>() > INT64_MAX) {
        Fail(fmt::format("{} of tensor '{}' holds {}, not a count", key, name, count.dump()));
      }
      counts.push_back(count.get<int64_t>());
    }
    return counts;
  }

  void CheckSize(const Entry& entry) const {
    if (result_.data_start + entry.end > file_.size()) {
      Fail(fmt::format("tensor '{}' ends {} bytes beyond the end of the file (truncated?)",
                       entry.name, result_.data_start + entry.end - file_.size()));
    }
    auto bytes = static_cast<int64_t>(SizeOf(entry.element));
    bool overflow = false;
    for (const int64_t extent : entry.shape.extents()) {
      overflow |= __builtin_mul_overflow(bytes, extent, &bytes);
    }
    if (overflow || static_cast<size_t>(bytes) != entry.bytes()) {
      Fail(fmt::format("tensor '{}' has {} bytes, its shape {} of {} needs another number",
                       entry.name, entry.bytes(), entry.shape.ToString(),
                       SafetensorsName(entry.element)));
    }
  }

  // The format allows no gap, no overlap and nothing after the last tensor.
  void CheckCoverage() const {
    std::vector<const Entry*> order;
    for (const Entry& entry : result_.entries) order.push_back(&entry);
    std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
      return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    size_t at = 0;
    for (const Entry* entry : order) {
      if (entry->begin != at) {
        Fail(fmt::format("tensor '{}' begins at byte {} of the data, the one before ends at {}",
                         entry->name, entry->begin, at));
      }
      at = entry->end;
    }
    if (result_.data_start + at != file_.size()) {
      Fail(fmt::format("{} bytes follow the last tensor", file_.size() - result_.data_start - at));
    }
  }

  const InputFile& file_;
  SafetensorsHeader result_;
};

}  // namespace

const char* SafetensorsName(ElementType element) {
  const auto found = std::ranges::find(kNames, element, &Named::element);
  Check(found != std::end(kNames), "an element type without a name");
  return found->name;
}

SafetensorsHeader ReadSafetensorsHeader(const InputFile& file) { return HeaderReader(file).Read(); }

}  // namespace seve
