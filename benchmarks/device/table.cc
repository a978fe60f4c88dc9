#include "benchmarks/device/table.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace seve::benchmark {

void Table::Begin(const std::string& section, const std::string& unit,
                  const std::string& compared_with) {
  section_ = section;
  unit_ = unit;
  fmt::print("#\n# {}\n", section);
  fmt::print("# {:<34} {:>12} {:>10} {:>10}\n", "what", "time", "rate", compared_with);
  fmt::print("# {:<34} {:>12} {:>10} {:>10}\n", "", "us", unit, "");
}

void Table::Add(const std::string& what, double seconds, double rate, double fraction,
                const std::string& note) {
  rows_.push_back({.section = section_,
                   .what = what,
                   .seconds = seconds,
                   .rate = rate,
                   .unit = unit_,
                   .fraction = fraction,
                   .note = note});
  const std::string compared = fraction > 0 ? fmt::format("{:.3f}", fraction) : "-";
  fmt::print("  {:<34} {:>12.2f} {:>10.1f} {:>10}{}{}\n", what, seconds * 1e6, rate, compared,
             note.empty() ? "" : "  ", note);
  std::fflush(stdout);
}

std::string Table::Json(const std::string& device) const {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& row : rows_) {
    nlohmann::ordered_json line = {{"section", row.section},
                                   {"what", row.what},
                                   {"microseconds", row.seconds * 1e6},
                                   {"rate", row.rate},
                                   {"unit", row.unit}};
    if (row.fraction > 0) line["fraction"] = row.fraction;
    if (!row.note.empty()) line["note"] = row.note;
    rows.push_back(line);
  }
  return nlohmann::ordered_json{{"device", device}, {"rows", rows}}.dump(1) + "\n";
}

}  // namespace seve::benchmark
