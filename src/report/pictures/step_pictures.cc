#include "report/pictures/step_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "report/folder_names.h"

namespace seve {
namespace {

constexpr size_t kMost = 50;
constexpr std::string_view kEnding = ".png";

// Of a file's name behind `prefix`.
std::optional<int64_t> StepIn(std::string_view file, std::string_view prefix) {
  if (!file.starts_with(prefix) || !file.ends_with(kEnding)) return std::nullopt;
  file.remove_prefix(prefix.size());
  file.remove_suffix(std::min(file.size(), kEnding.size()));
  int64_t step = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), step);
  if (error != std::errc() || end != file.data() + file.size()) return std::nullopt;
  return step;
}

std::vector<int64_t> WithGap(const std::vector<int64_t>& steps, int64_t gap) {
  std::vector<int64_t> kept = {steps.front()};
  for (const int64_t step : steps) {
    const bool last = step == steps.back() && step != steps.front();
    if (last || step - kept.back() >= gap) kept.push_back(step);
  }
  return kept;
}

}  // namespace

void StepPictures::Add(int64_t step, const std::string& png) const {
  MakeFolders(folder_);
  WriteFileAtomically(PathOf(step), png);
  const auto steps = Steps();
  const auto later = std::ranges::upper_bound(steps, step);
  const auto kept = EvenlySpaced({steps.begin(), later}, kMost);
  for (const int64_t old : steps) {
    if (!std::ranges::binary_search(kept, old)) RemoveTree(PathOf(old));
  }
}

std::vector<int64_t> StepPictures::Steps() const {
  std::vector<int64_t> steps;
  for (const std::string& file : NamesIn(folder_)) {
    if (const auto step = StepIn(file, name_ + "-step-")) steps.push_back(*step);
  }
  std::ranges::sort(steps);
  return steps;
}

std::string StepPictures::PathOf(int64_t step) const {
  return fmt::format("{}/{}-step-{:09}{}", folder_, name_, step, kEnding);
}

std::vector<int64_t> EvenlySpaced(const std::vector<int64_t>& steps, size_t most) {
  Check(most >= 2, "fewer than the first and the last cannot be kept");
  if (steps.size() <= 2) return steps;
  int64_t gap = steps[1] - steps[0];
  auto kept = WithGap(steps, gap);
  while (kept.size() > most) kept = WithGap(steps, gap *= 2);
  return kept;
}

}  // namespace seve
