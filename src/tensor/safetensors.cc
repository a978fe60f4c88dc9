#include "tensor/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "tensor/safetensors_header.h"

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr size_t kLengthBytes = 8;
constexpr const char* kMetadata = "__metadata__";

std::string HeaderText(const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  size_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    Check(name != kMetadata && !header.contains(name), "two tensors of a file have one name");
    const size_t end = offset + tensor.bytes();
    header[name] = {{"dtype", SafetensorsName(ElementTypeOf(tensor.dtype()))},
                    {"shape", tensor.shape().extents()},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize(AlignUp(text.size(), kLengthBytes), ' ');
  return text;
}

DType DTypeOfEntry(const std::string& path, const SafetensorsHeader::Entry& entry) {
  for (const DType dtype : {DType::kFloat32, DType::kInt32, DType::kUint8}) {
    if (ElementTypeOf(dtype) == entry.element) return dtype;
  }
  ThrowData(fmt::format(
      "{} is not a usable safetensors file: tensor '{}' has dtype {}; F32, I32 and U8 can be read",
      path, entry.name, SafetensorsName(entry.element)));
}

// Every tensor starts aligned in memory, wherever it does in the file.
Buffer Allocate(const SafetensorsHeader& header) {
  size_t bytes = kAlignment;
  for (const auto& entry : header.entries) bytes += AlignUp(entry.bytes());
  return Buffer(bytes);
}

}  // namespace

void EncodeSafetensors(const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata,
                       std::vector<std::byte>* file) {
  const std::string header = HeaderText(tensors, metadata);
  size_t size = kLengthBytes + header.size();
  for (const auto& [name, tensor] : tensors) size += tensor.bytes();
  file->resize(size);
  auto end = file->begin();
  const auto append = [&end](std::span<const std::byte> bytes) {
    end = std::ranges::copy(bytes, end).out;
  };
  const uint64_t length = header.size();
  append(std::as_bytes(std::span(&length, 1)));
  append(BytesOf(header));
  for (const auto& [name, tensor] : tensors) {
    append({static_cast<const std::byte*>(tensor.memory()), tensor.bytes()});
  }
}

const Tensor* SafetensorsFile::Find(const std::string& name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const NamedTensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &found->tensor;
}

SafetensorsFile ReadSafetensors(const std::string& path) {
  const InputFile file(path);
  SafetensorsHeader header = ReadSafetensorsHeader(file);
  SafetensorsFile result;
  result.metadata = std::move(header.metadata);
  result.memory = Allocate(header);
  std::byte* slot = result.memory.data();
  for (const auto& entry : header.entries) {
    file.Read(header.data_start + entry.begin, {slot, entry.bytes()});
    result.tensors.push_back({entry.name, Tensor(slot, DTypeOfEntry(path, entry), entry.shape)});
    slot += AlignUp(entry.bytes());
  }
  return result;
}

}  // namespace seve
