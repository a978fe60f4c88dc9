// Comma-separated tables as RFC 4180 describes them, one record after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"

namespace seve {

// A header line, then records of as many cells. "Quoted" cells may hold commas, line ends and
// doubled quotes. Lines end with LF or CRLF; a byte order mark before the header and blank lines at
// the end are passed over.
//
// Every failure is Error(kData) with "file:line: ", the line being the one on which the record
// begins.
class CsvReader {
 public:
  // Reads the header line.
  explicit CsvReader(const std::string& path);

  [[nodiscard]] const std::string& path() const { return file_.path(); }
  // Names of the columns.
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }

  // Moves on to the next record; false at the end of the table.
  bool Next();
  // Of the current record, one a column.
  [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }
  // Where it begins, from 1.
  [[nodiscard]] int64_t line() const { return line_; }

 private:
  [[noreturn]] void Fail(const std::string& what) const;
  void CheckHeader() const;
  // Reads the record at at_ into cells_.
  void ReadRecord();
  void ReadQuoted(std::string* cell);
  // Whether nothing but blank lines follows.
  [[nodiscard]] bool AtEnd() const;
  [[nodiscard]] bool StartsLineEnd(size_t at) const;
  void SkipLineEnd();

  MappedFile file_;
  std::string_view text_;
  size_t at_ = 0;
  int64_t next_line_ = 1;  // the one at_ is on
  int64_t line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string> cells_;
};

}  // namespace seve
