#include "data/tensors/field_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "tensor/npy.h"
#include "tensor/safetensors_header.h"

namespace seve {
namespace {

void RequireSamples(const std::string& path, const Shape& shape) {
  if (shape.rank() == 0) {
    ThrowData(
        fmt::format("{}: holds a single number; an array (N, ...) of samples is expected", path));
  }
  if (shape.elements() == 0) {
    ThrowData(fmt::format("{}: holds no samples (shape {})", path, shape.ToString()));
  }
}

StoredArray ReadNpy(const std::string& path) {
  const NpyHeader header = ReadNpyHeader(InputFile(path));
  RequireSamples(path, header.shape);
  return StoredArray(MappedFile(path), header.data_start, header.element, header.shape);
}

StoredArray ReadSafetensor(const std::string& path, const std::string& name) {
  const SafetensorsHeader header = ReadSafetensorsHeader(InputFile(path));
  const auto found = std::ranges::find(header.entries, name, &SafetensorsHeader::Entry::name);
  if (found == header.entries.end()) {
    std::vector<std::string> names;
    for (const auto& entry : header.entries) names.push_back(entry.name);
    ThrowData(fmt::format("{}: there is no tensor '{}'; {}", path, name, Suggest(name, names)));
  }
  RequireSamples(path, found->shape);
  return StoredArray(MappedFile(path), header.data_start + found->begin, found->element,
                     found->shape);
}

std::vector<std::string> ColumnsOf(const CsvReader& table, const FieldRequest& request) {
  if (!request.columns.empty()) return request.columns;
  if (request.name != "input") return {request.name};
  // A misspelt one would leave its column to this field.
  for (const auto& column : request.taken) static_cast<void>(FindColumn(table, column));
  std::vector<std::string> columns;
  std::ranges::copy_if(table.header(), std::back_inserter(columns), [&](const auto& column) {
    return std::ranges::find(request.taken, column) == request.taken.end();
  });
  if (!columns.empty()) return columns;
  ThrowData(fmt::format("{}: other fields take all of its columns, none is left for 'input'",
                        request.path));
}

RawField ReadCsv(const FieldRequest& request) {
  CsvReader table(request.path);
  auto columns = ColumnsOf(table, request);
  using Kind = FieldRequest::Kind;
  const bool may_be_classes = request.kind == Kind::kClasses ||
                              (request.kind == Kind::kByContent && request.name == "target");
  if (may_be_classes && columns.size() == 1) {
    auto text = ReadText(table, columns[0]);
    return {request.path, std::move(columns), std::move(text)};
  }
  auto numbers = ReadNumbers(table, columns);
  return {request.path, std::move(columns), std::move(numbers)};
}

}  // namespace

int64_t RawField::samples() const {
  if (const auto* text = std::get_if<TextColumn>(&content)) {
    return static_cast<int64_t>(text->cells.size());
  }
  return std::get<StoredArray>(content).samples();
}

RawField ReadField(const FieldRequest& request) {
  const std::string& path = request.path;
  if (path.ends_with(".csv")) return ReadCsv(request);
  if (path.ends_with(".npy")) return {path, {}, ReadNpy(path)};
  Check(path.ends_with(".safetensors"), "a file of a kind that validation does not let pass");
  return {path, {}, ReadSafetensor(path, request.tensor)};
}

}  // namespace seve
