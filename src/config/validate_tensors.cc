#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "config/validate_parts.h"

namespace seve {
namespace {

using Fields = google::protobuf::RepeatedPtrField<config::FieldFile>;

constexpr const char* kExample = "train { name: \"input\" file: \"x.npy\" }";

std::vector<std::string> NamesOf(const Fields& fields) {
  std::vector<std::string> names;
  for (const auto& field : fields) names.push_back(field.name());
  return names;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool IsName(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void ValidateFile(const config::FieldFile& field, const std::string& path, Checker& checker) {
  const std::string& file = field.file();
  if (file.empty()) {
    checker.Fail(path, path + " needs 'file', a .npy, .safetensors or .csv file");
    return;
  }
  const bool csv = file.ends_with(".csv"), safetensors = file.ends_with(".safetensors");
  if (!csv && !safetensors && !file.ends_with(".npy")) {
    checker.Fail(path + ".file",
                 path + ".file is '" + file + "'; it must be called .npy, .safetensors or .csv");
    return;
  }
  if (field.has_tensor() && !safetensors) {
    checker.Fail(path + ".tensor",
                 path + ".tensor chooses within a .safetensors file, which '" + file + "' is not");
  }
  if (field.column_size() > 0 && !csv) {
    checker.Fail(path + ".column",
                 path + ".column chooses within a .csv file, which '" + file + "' is not");
  }
}

// One entry of a list, the entries before it being `earlier`.
void ValidateField(const config::FieldFile& field, const std::string& path,
                   const std::vector<std::string>& earlier, Checker& checker) {
  if (!IsName(field.name())) {
    checker.Fail(path, path +
                           " needs a 'name' made of letters, digits and _: \"input\", \"target\" "
                           "or what a layer or loss reads");
  } else if (Contains(earlier, field.name())) {
    checker.Fail(path + ".name", "two fields are called '" + field.name() +
                                     "'; several columns of one field are given as "
                                     "column: [\"a\", \"b\"]");
  }
  ValidateFile(field, path, checker);
  const std::vector<std::string> columns(field.column().begin(), field.column().end());
  for (size_t i = 0; i < columns.size(); ++i) {
    if (std::ranges::count(columns, columns[i]) == 1) continue;
    checker.Fail(path + ".column", path + ".column names '" + columns[i] + "' twice");
    break;
  }
}

void ValidateList(const Fields& fields, const std::string& list, Checker& checker) {
  std::vector<std::string> earlier;
  for (int i = 0; i < fields.size(); ++i) {
    ValidateField(fields[i], list + "[" + std::to_string(i) + "]", earlier, checker);
    earlier.push_back(fields[i].name());
  }
}

// Test samples have the fields of training samples.
void ValidateTest(const config::Tensors& tensors, Checker& checker) {
  const auto names = NamesOf(tensors.train()), test_names = NamesOf(tensors.test());
  for (int i = 0; i < tensors.test_size(); ++i) {
    const auto& field = tensors.test(i);
    const std::string path = "data.tensors.test[" + std::to_string(i) + "]";
    const auto found = std::ranges::find(names, field.name());
    if (found == names.end()) {
      if (!field.name().empty()) {
        checker.Fail(path + ".name", "data.tensors.train has no field '" + field.name() +
                                         "' as test has; " + Suggest(field.name(), names));
      }
      continue;
    }
    const auto& train = tensors.train(static_cast<int>(found - names.begin()));
    if (field.has_kind() && field.kind() != train.kind()) {
      checker.Fail(path + ".kind", path + ".kind is that of the field in train; remove it here");
    }
  }
  for (const auto& name : names) {
    if (tensors.test_size() == 0 || Contains(test_names, name)) continue;
    checker.Fail("data.tensors.test",
                 "data.tensors.test has no field '" + name + "' as train has; give all or none");
  }
}

}  // namespace

void ValidateTensors(const config::Data& data, Checker& checker) {
  const config::Tensors& tensors = data.tensors();
  if (tensors.train_size() == 0) {
    checker.Fail("data.tensors", std::string("data.tensors needs 'train', one for each field: ") +
                                     kExample + " train { name: \"target\" file: \"y.npy\" }");
  }
  if (tensors.train_size() > 0 && !Contains(NamesOf(tensors.train()), "input")) {
    checker.Fail("data.tensors.train", "data.tensors.train has no field called \"input\"");
  }
  ValidateList(tensors.train(), "data.tensors.train", checker);
  ValidateList(tensors.test(), "data.tensors.test", checker);
  ValidateTest(tensors, checker);
  if (tensors.has_classes()) checker.AtLeast("data.tensors.classes", tensors.classes(), 1);
  const auto classes = std::ranges::count(tensors.train(), config::CLASSES,
                                          [](const auto& field) { return field.kind(); });
  if (classes > 1) {
    checker.Fail("data.tensors.train",
                 "data.tensors.train has " + std::to_string(classes) +
                     " fields of kind CLASSES; there may be one, the others are VALUES");
  }
  if (!tensors.standardize()) return;
  if (data.has_normalize()) {
    checker.Fail("data.normalize",
                 "data.normalize and data.tensors.standardize do the same work; remove one");
  }
  if (!Contains(NamesOf(tensors.train()), "input")) {
    checker.Fail("data.tensors.standardize",
                 "data.tensors.standardize works on the field 'input', but there is none");
  }
}

}  // namespace seve
