// Figures of a whole run, by which runs are compared.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/history.h"

namespace seve {

struct RunFact {
  std::string name;
  std::function<std::optional<double>(const History&)> value;
  std::function<std::string(double)> text;
  std::string unit;  // behind the text: " %"
};

// Of a figure and the loss: the best evaluation of the validation split (the latest where none was
// ever better), of the training samples where they were judged, of the test set; speed and time.
std::vector<RunFact> RunFacts(const std::string& figure);

}  // namespace seve
