// Collects what is wrong with a configuration, so that a user sees all of it at once.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"

namespace seve {

// Paths are those of SourceMap. Range checks say nothing about values that are not finite: those
// are found once, for all fields.
class Checker {
 public:
  explicit Checker(const SourceMap& source) : source_(source) {}

  // "file:line:column: text", the place being that of `path`.
  void Fail(const std::string& path, const std::string& text);

  // value > bound, value >= bound, low <= value < high, low <= value <= high.
  void Above(const std::string& path, double value, double bound);
  void AtLeast(const std::string& path, double value, double bound);
  void From(const std::string& path, double value, double low, double below);
  void Between(const std::string& path, double value, double low, double high);

  [[nodiscard]] std::string Where(const std::string& path) const { return source_.Where(path); }

  // Throws what was collected, if anything.
  void Throw() const;

 private:
  void FailRange(const std::string& path, double value, const std::string& range);

  const SourceMap& source_;
  std::vector<std::string> problems_;
};

}  // namespace seve
