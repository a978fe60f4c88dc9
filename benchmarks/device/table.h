// What is measured, as a table to read while it grows and as JSON to compute with.
#pragma once

#include <string>
#include <vector>

namespace seve::benchmark {

struct Row {
  std::string section;  // "optimizers"
  std::string what;     // "adam"
  double seconds = 0;
  double rate = 0;      // in `unit`
  std::string unit;     // "GB/s", "TFLOP/s"
  double fraction = 0;  // of the rate that the section compares with; 0: it compares with none
  std::string note;     // "engine 48", or nothing
};

// Prints lines in the manner of nccl-tests: '#' before what is not data, one row for the names of
// columns, one for their units.
class Table {
 public:
  // Rows of one kind follow; `compared_with`, e.g. "of copy", may be empty.
  void Begin(const std::string& section, const std::string& unit, const std::string& compared_with);
  // `fraction`: 0 where there is nothing to compare with. `note`: printed at the end of the line.
  void Add(const std::string& what, double seconds, double rate, double fraction = 0,
           const std::string& note = "");

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  // {"device": ..., "rows": [{"section", "what", "microseconds", "rate", "unit", "fraction",
  // "note"}, ...]}, without a fraction or a note where there is none.
  [[nodiscard]] std::string Json(const std::string& device) const;

 private:
  std::string section_, unit_;
  std::vector<Row> rows_;
};

}  // namespace seve::benchmark
