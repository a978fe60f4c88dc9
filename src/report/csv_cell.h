// Cells of CSV files (RFC 4180).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seve {

// Every digit that counts; empty where there is no figure.
std::string CsvCell(const std::optional<double>& value);
// Quoted where it must be.
std::string CsvCell(std::string_view text);

}  // namespace seve
