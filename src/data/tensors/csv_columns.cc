#include "data/tensors/csv_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "data/tensors/cell_number.h"

namespace seve {
namespace {

std::string PlaceOf(const std::string& path, int64_t line, const std::string& column) {
  return fmt::format("{}:{}: column '{}'", path, line, column);
}

double RequireNumber(const std::string& cell, const std::string& path, int64_t line,
                     const std::string& column) {
  const auto number = NumberOf(cell);
  if (number) return *number;
  const std::string found = cell.empty() ? "is empty" : fmt::format("holds '{}'", cell);
  ThrowData(fmt::format("{} {}; a finite number is expected", PlaceOf(path, line, column), found));
}

void RequireRecords(const CsvReader& table, size_t records) {
  if (records > 0) return;
  ThrowData(fmt::format("{}: holds no samples, only a header line", table.path()));
}

}  // namespace

size_t FindColumn(const CsvReader& table, const std::string& name) {
  const auto& header = table.header();
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) {
    const bool other_separator = header.size() == 1 && name.find_first_of(";\t") == name.npos &&
                                 header[0].find_first_of(";\t") != std::string::npos;
    ThrowData(
        fmt::format("{}:1: there is no column '{}'; {}", table.path(), name,
                    other_separator ? "separate the cells by commas" : Suggest(name, header)));
  }
  if (std::ranges::count(header, name) > 1) {
    ThrowData(fmt::format("{}:1: two columns are called '{}'; rename one", table.path(), name));
  }
  return static_cast<size_t>(found - header.begin());
}

std::string TextColumn::Place(size_t sample) const { return PlaceOf(path, lines[sample], column); }

StoredArray ReadNumbers(CsvReader& table, const std::vector<std::string>& columns) {
  std::vector<size_t> indices;
  for (const auto& column : columns) indices.push_back(FindColumn(table, column));
  std::vector<double> numbers;
  while (table.Next()) {
    for (size_t i = 0; i < columns.size(); ++i) {
      numbers.push_back(
          RequireNumber(table.cells()[indices[i]], table.path(), table.line(), columns[i]));
    }
  }
  RequireRecords(table, numbers.size());
  const auto width = static_cast<int64_t>(columns.size());
  return Store(numbers, {static_cast<int64_t>(numbers.size()) / width, width});
}

TextColumn ReadText(CsvReader& table, const std::string& column) {
  const size_t index = FindColumn(table, column);
  TextColumn text{table.path(), column, {}, {}};
  while (table.Next()) {
    text.cells.push_back(table.cells()[index]);
    text.lines.push_back(table.line());
    if (text.cells.back().empty()) {
      ThrowData(
          fmt::format("{} is empty; every sample needs one", text.Place(text.cells.size() - 1)));
    }
  }
  RequireRecords(table, text.cells.size());
  return text;
}

StoredArray NumbersOfText(const TextColumn& column) {
  std::vector<double> numbers;
  for (size_t i = 0; i < column.cells.size(); ++i) {
    numbers.push_back(RequireNumber(column.cells[i], column.path, column.lines[i], column.column));
  }
  return Store(numbers, {static_cast<int64_t>(numbers.size())});
}

}  // namespace seve
