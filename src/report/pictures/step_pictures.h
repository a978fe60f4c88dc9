// Pictures of one thing at many steps: <folder>/<name>-step-000000750.png, thinned out as a run
// goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seve {

class StepPictures {
 public:
  StepPictures(std::string folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}

  // Writes the picture, makes the folder if need be. Removes those that became too many, and those
  // of later steps: a run that went back makes them anew. Throws Error(kData) naming the file.
  void Add(int64_t step, const std::string& png) const;
  // Those there are, ascending.
  [[nodiscard]] std::vector<int64_t> Steps() const;

 private:
  [[nodiscard]] std::string PathOf(int64_t step) const;

  std::string folder_, name_;
};

// Of ascending steps the first, the last and evenly spaced ones between, at most `most` (at least
// 2). Asked after each new step with what it kept before, it keeps an even spacing, wider as the
// steps go on.
std::vector<int64_t> EvenlySpaced(const std::vector<int64_t>& steps, size_t most);

}  // namespace seve
