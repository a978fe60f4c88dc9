// What a trained model says of the samples in a file like those it was trained on.
#pragma once

#include <string>

#include "cli/replica.h"

namespace seve {

// .npy, .safetensors or .csv.
bool IsTable(const std::string& path);

// The predictions as CSV, a line a sample. The file brings the field "input", as
// `data.tensors.test` of the run's configuration would. data_root: as for Setup. Throws
// Error(kUsage) for a model of other data, Error(kData) for a file that does not fit.
std::string InferTable(const Replica& replica, const std::string& path,
                       const std::string& data_root);

}  // namespace seve
