// Tables that people read on the console.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/terminal.h"

namespace seve {

class TextTable {
 public:
  struct Column {
    std::string heading;
    bool right = false;    // numbers
    bool shrinks = false;  // is cut where the table is too wide
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // A cell a column.
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // Draws a line before the next row.
  void AddRule() { rules_.push_back(rows_.size()); }

  // Lines without line ends; none is wider than `width` as far as columns that shrink allow it.
  [[nodiscard]] std::vector<std::string> Lines(const Terminal& terminal, size_t width) const;
  // The same with line ends, as wide as it needs to be.
  [[nodiscard]] std::string Text(const Terminal& terminal) const;

 private:
  [[nodiscard]] std::vector<size_t> Widths(size_t limit) const;
  [[nodiscard]] std::string LineOf(const std::vector<std::string>& row,
                                   const std::vector<size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> rules_;  // index of the row below
};

}  // namespace seve
