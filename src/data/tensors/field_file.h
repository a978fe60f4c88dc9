// One field of all samples, as a file of the user has it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "data/stored_array.h"
#include "data/tensors/csv_columns.h"

namespace seve {

// What a configuration says of a field. BY_CONTENT, VALUES and CLASSES as data.proto explains.
struct FieldRequest {
  enum class Kind { kByContent, kValues, kClasses };

  std::string name;
  std::string path;    // of a file that is there
  std::string tensor;  // of a .safetensors file
  // Of a .csv file; empty: the column called like the field, and for "input" all but `taken`.
  std::vector<std::string> columns;
  std::vector<std::string> taken;
  Kind kind = Kind::kByContent;
};

struct RawField {
  std::string path;
  std::vector<std::string> columns;  // that were read from a .csv file
  // Text: a single column that may hold classes.
  std::variant<StoredArray, TextColumn> content;

  [[nodiscard]] int64_t samples() const;
};

// Throws Error(kData) naming the file and what is wrong: no file of a known kind, damaged, no
// samples; a tensor or column that is not there, with the names that come near; see also
// ReadNpyHeader, ReadSafetensors and CsvReader.
RawField ReadField(const FieldRequest& request);

}  // namespace seve
