// Small helpers for messages people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seve {

// The candidates closest to `name` by edit distance, nearest first, at most three, only plausible ones.
std::vector<std::string> NearestNames(std::string_view name,
                                      const std::vector<std::string>& candidates);

// "did you mean 'a' or 'b'?" for a misspelt name; when none is near, "known: a, b, c".
std::string Suggest(std::string_view name, const std::vector<std::string>& candidates);

// "a, b, c".
std::string Join(const std::vector<std::string>& parts, std::string_view separator = ", ");

// 159010 -> "159,010".
std::string WithThousands(int64_t value);

// 652288 -> "637.0 KiB".
std::string HumanBytes(double bytes);

// 3725.4 -> "1 h 02 min 05 s"; 12.34 -> "12.3 s".
std::string HumanSeconds(double seconds);

// Shell-style match with '*' and '?'.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace seve
