// What trained models of one input and one output make of the data they were trained on.
#pragma once

#include <string>
#include <vector>

#include "report/pictures/regression_charts.h"

namespace seve {

// Of each run's latest checkpoint. data_root: as for Setup. Throws Error(kUsage) naming a run whose
// model is another.
std::vector<NamedFit> FitsOf(const std::vector<std::string>& runs, const std::string& data_root);

}  // namespace seve
