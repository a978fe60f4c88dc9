// From a configuration's `data` message to data sets.
#pragma once

#include <string>
#include <vector>

#include "config/data.pb.h"
#include "data/data_sets.h"

namespace seve {

// `root`: --data, else $SEVE_DATA, else "". Relative folders of the configuration are looked up
// below it, then below the working directory; MNIST without a folder in root/mnist, then in root
// itself. `data` is as ParseConfiguration lets pass. Throws Error(kUsage) when validation leaves no
// sample to train on, Error(kData) for files that are missing or wrong, with the remedy ("seve data
// get mnist --data DIR", or the generated digits).
DataSets OpenData(const config::Data& data, const std::string& root);

// What a model needs to know of the data to be built.
struct DataShape {
  std::vector<FieldSpec> fields;
  int64_t classes = 0;
};

// The same as the data sets of OpenData have, without reading files where the source alone says it.
DataShape PeekData(const config::Data& data, const std::string& root);

}  // namespace seve
