// The two data sets of a run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace seve {

struct DataSets {
  std::unique_ptr<Dataset> train;       // training and validation samples
  std::unique_ptr<Dataset> test;        // of the same fields; may hold no samples
  std::vector<std::string> notes = {};  // what a user is to know of them: pictures left out
};

}  // namespace seve
