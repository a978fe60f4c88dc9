// Small helpers for messages people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seve {

// The candidates closest to `name` by edit distance, nearest first, at most three, only plausible
// ones.
std::vector<std::string> NearestNames(std::string_view name,
                                      const std::vector<std::string>& candidates);

// "did you mean 'a' or 'b'?" for a misspelt name; when none is near, "known: a, b, c".
std::string Suggest(std::string_view name, const std::vector<std::string>& candidates);

// "a, b, c".
std::string Join(const std::vector<std::string>& parts, std::string_view separator = ", ");

// The first `most` of them, then "3 more": for lists that may be long.
std::vector<std::string> FirstOf(std::vector<std::string> parts, size_t most);

// 159010 -> "159,010".
std::string WithThousands(int64_t value);

// 652288 -> "637.0 KiB".
std::string HumanBytes(double bytes);

// 3725.4 -> "1 h 02 min 05 s"; 12.34 -> "12.3 s".
std::string HumanSeconds(double seconds);

// 125.4 -> "2:05"; 3725 -> "1:02:05".
std::string ClockTime(double seconds);

// 0.97612 -> "97.61 %".
std::string Percent(double fraction);

// Columns a UTF-8 text takes on a terminal: its code points (every character we print is one wide).
size_t DisplayWidth(std::string_view text);

// The text cut to `width` columns, the last one then "~".
std::string Shorten(std::string_view text, size_t width);

// Filled up with spaces to `width` columns: the text at the left, or at the right.
std::string PadRight(std::string_view text, size_t width);
std::string PadLeft(std::string_view text, size_t width);

// Words of `text` in lines of at most `width` columns; a longer word has a line of its own.
std::vector<std::string> WrapWords(std::string_view text, size_t width);

// Shell-style match with '*' and '?'.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace seve
