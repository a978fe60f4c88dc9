#include "config/slurm_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace seve {
namespace {

constexpr int64_t kMinute = 60, kHour = 3600, kDay = 86400;
constexpr size_t kMostDigits = 9;

// Whole numbers between colons; nothing where one is missing or is none.
std::optional<std::vector<int64_t>> Numbers(const std::string& text) {
  std::vector<int64_t> numbers;
  size_t begin = 0;
  while (true) {
    const size_t end = std::min(text.find(':', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const bool digits = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (word.empty() || word.size() > kMostDigits || !digits) return std::nullopt;
    numbers.push_back(std::stoll(word));
    if (end == text.size()) return numbers;
    begin = end + 1;
  }
}

// `numbers` counted in the units that start with `units[0]`.
std::optional<int64_t> Sum(const std::optional<std::vector<int64_t>>& numbers,
                           const std::vector<int64_t>& units) {
  if (!numbers || numbers->size() > units.size()) return std::nullopt;
  int64_t seconds = 0;
  for (size_t i = 0; i < numbers->size(); ++i) seconds += (*numbers)[i] * units[i];
  return seconds;
}

std::optional<int64_t> Seconds(const std::string& text) {
  const size_t dash = text.find('-');
  if (dash != std::string::npos) {
    const auto days = Sum(Numbers(text.substr(0, dash)), {kDay});
    const auto rest = Sum(Numbers(text.substr(dash + 1)), {kHour, kMinute, 1});
    if (!days || !rest) return std::nullopt;
    return *days + *rest;
  }
  const auto numbers = Numbers(text);
  return numbers && numbers->size() == 3 ? Sum(numbers, {kHour, kMinute, 1})
                                         : Sum(numbers, {kMinute, 1});
}

}  // namespace

std::optional<int64_t> SlurmSeconds(const std::string& text) {
  const auto seconds = Seconds(text);
  return seconds && *seconds > 0 ? seconds : std::nullopt;
}

std::string SlurmTime(int64_t seconds) {
  const std::string clock = fmt::format("{:02}:{:02}:{:02}", seconds % kDay / kHour,
                                        seconds % kHour / kMinute, seconds % kMinute);
  return seconds < kDay ? clock : fmt::format("{}-{}", seconds / kDay, clock);
}

}  // namespace seve
