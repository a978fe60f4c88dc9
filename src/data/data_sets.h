// The two data sets of a run.
#pragma once

#include <memory>

#include "data/dataset.h"

namespace seve {

struct DataSets {
  std::unique_ptr<Dataset> train;  // training and validation samples
  std::unique_ptr<Dataset> test;   // of the same fields; may hold no samples
};

}  // namespace seve
