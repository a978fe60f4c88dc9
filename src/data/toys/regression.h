// Small data sets for regression that are held in memory.
#pragma once

#include <string>
#include <vector>

#include "data/data_sets.h"

namespace seve {

// Fields: "input", float32 (inputs); "target", float32 (targets). `inputs` and `targets`: (N,
// inputs) and (N, targets), row after row, N > 0. The test set has no samples.
DataSets MakeRegression(const std::vector<float>& inputs, const std::vector<float>& targets,
                        int64_t samples, const std::string& origin);

}  // namespace seve
