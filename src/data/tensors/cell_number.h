// Numbers written in the cells of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seve {

// A finite number ("-1.5e3"), spaces around it allowed; nothing for any other text.
std::optional<double> NumberOf(std::string_view cell);

// The same for whole numbers written without point or exponent.
std::optional<int64_t> WholeNumberOf(std::string_view cell);

}  // namespace seve
