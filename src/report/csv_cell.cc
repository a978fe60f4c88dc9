#include "report/csv_cell.h"

#include <fmt/format.h>

namespace seve {

std::string CsvCell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string CsvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + '"';
}

}  // namespace seve
