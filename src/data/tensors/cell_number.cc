#include "data/tensors/cell_number.h"

#include <charconv>
#include <cmath>

namespace seve {
namespace {

std::string_view Trimmed(std::string_view cell) {
  const size_t begin = cell.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  cell = cell.substr(begin, cell.find_last_not_of(" \t") - begin + 1);
  // from_chars knows no plus sign.
  const bool plus = cell.size() > 1 && cell[0] == '+' && cell[1] != '-';
  return plus ? cell.substr(1) : cell;
}

template <typename T>
std::optional<T> Parse(std::string_view cell) {
  cell = Trimmed(cell);
  T value{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> NumberOf(std::string_view cell) {
  const auto value = Parse<double>(cell);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<int64_t> WholeNumberOf(std::string_view cell) { return Parse<int64_t>(cell); }

}  // namespace seve
