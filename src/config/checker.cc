#include "config/checker.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace seve {

void Checker::Fail(const std::string& path, const std::string& text) {
  problems_.push_back(source_.Where(path) + ": " + text);
}

void Checker::FailRange(const std::string& path, double value, const std::string& range) {
  const bool whole = value == std::floor(value);
  const std::string text = whole ? fmt::format("{:.15g}", value) : fmt::format("{:.7g}", value);
  Fail(path, path + " is " + text + "; it must be " + range);
}

void Checker::Above(const std::string& path, double value, double bound) {
  if (!std::isfinite(value) || value > bound) return;
  FailRange(path, value, fmt::format("above {:g}", bound));
}

void Checker::AtLeast(const std::string& path, double value, double bound) {
  if (!std::isfinite(value) || value >= bound) return;
  FailRange(path, value, fmt::format("at least {:g}", bound));
}

void Checker::From(const std::string& path, double value, double low, double below) {
  if (!std::isfinite(value) || (value >= low && value < below)) return;
  FailRange(path, value, fmt::format("at least {:g} and below {:g}", low, below));
}

void Checker::Between(const std::string& path, double value, double low, double high) {
  if (!std::isfinite(value) || (value >= low && value <= high)) return;
  FailRange(path, value, fmt::format("from {:g} to {:g}", low, high));
}

void Checker::Throw() const {
  if (!problems_.empty()) ThrowUsage(Join(problems_, "\n"));
}

}  // namespace seve
