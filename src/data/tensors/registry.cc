#include "data/tensors/registry.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "data/augment/registry.h"
#include "data/places.h"
#include "data/tensors/open.h"

namespace seve {
namespace {

using Fields = google::protobuf::RepeatedPtrField<config::FieldFile>;

FieldRequest::Kind KindOf(config::FieldKind kind) {
  switch (kind) {
    case config::BY_CONTENT:
      return FieldRequest::Kind::kByContent;
    case config::VALUES:
      return FieldRequest::Kind::kValues;
    case config::CLASSES:
      return FieldRequest::Kind::kClasses;
  }
  Check(false, "a kind of field that is missing from the registry");
  return FieldRequest::Kind::kByContent;
}

std::string FindFieldFile(const config::FieldFile& field, const char* list,
                          const std::string& root) {
  try {
    return FindFile(field.file(), root);
  } catch (const Error& error) {
    ThrowData(fmt::format("data.tensors.{} '{}': {}", list, field.name(), error.what()),
              error.where());
  }
}

// The columns that the other fields of the list read from the file of field `index`; `paths`: where
// the fields' files are.
std::vector<std::string> TakenColumns(const Fields& fields, const std::vector<std::string>& paths,
                                      int index) {
  std::vector<std::string> taken;
  for (int i = 0; i < fields.size(); ++i) {
    const auto& other = fields[i];
    std::error_code unknown;
    if (i == index || !std::filesystem::equivalent(paths[static_cast<size_t>(i)],
                                                   paths[static_cast<size_t>(index)], unknown)) {
      continue;
    }
    taken.insert(taken.end(), other.column().begin(), other.column().end());
    if (other.column().empty()) taken.push_back(other.name());
  }
  return taken;
}

std::vector<FieldRequest> RequestsOf(const Fields& fields, const char* list,
                                     const std::string& root) {
  std::vector<std::string> paths;
  for (const auto& field : fields) paths.push_back(FindFieldFile(field, list, root));
  std::vector<FieldRequest> requests;
  for (int i = 0; i < fields.size(); ++i) {
    const auto& field = fields[i];
    requests.push_back({.name = field.name(),
                        .path = paths[static_cast<size_t>(i)],
                        .tensor = field.has_tensor() ? field.tensor() : field.name(),
                        .columns = {field.column().begin(), field.column().end()},
                        .taken = TakenColumns(fields, paths, i),
                        .kind = KindOf(field.kind())});
  }
  return requests;
}

}  // namespace

DataSets OpenConfiguredTensors(const config::Data& data, const std::string& root) {
  const auto& tensors = data.tensors();
  TensorsRequest request;
  request.train = RequestsOf(tensors.train(), "train", root);
  request.test = RequestsOf(tensors.test(), "test", root);
  request.classes = tensors.classes();
  request.standardize = tensors.standardize();
  if (data.has_normalize()) {
    request.normalize = [&](const Shape& sample) { return MakePixelScale(data, sample); };
  }
  if (data.augment_size() > 0) {
    request.augment = [&](const Shape& sample, const PixelScale& scale) {
      return MakeAugmenter(data, sample, scale);
    };
  }
  return OpenTensors(request);
}

}  // namespace seve
