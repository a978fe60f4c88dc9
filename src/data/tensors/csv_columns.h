// Columns of a comma-separated table, by their names, as numbers or as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/stored_array.h"
#include "data/tensors/csv_reader.h"

namespace seve {

// The cells of one column, none empty, and the lines they are on.
struct TextColumn {
  std::string path;
  std::string column;
  std::vector<std::string> cells;
  std::vector<int64_t> lines;

  // "iris.csv:14: column 'species'".
  [[nodiscard]] std::string Place(size_t sample) const;
};

// The place of a column. Throws Error(kData) for one that is not in the header line, with the names
// that come near, or twice.
size_t FindColumn(const CsvReader& table, const std::string& name);

// These read the rest of the table. They throw Error(kData) as FindColumn does; for a table without
// records; and with "file:line: column 'name'" for an empty cell or one that holds no finite number
// where one is expected.

// float64 (N, columns).
StoredArray ReadNumbers(CsvReader& table, const std::vector<std::string>& columns);

TextColumn ReadText(CsvReader& table, const std::string& column);

// float64 (N).
StoredArray NumbersOfText(const TextColumn& column);

}  // namespace seve
