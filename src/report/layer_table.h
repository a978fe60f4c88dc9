// The table of a model's layers: name, kind, input, output shape, parameters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

// `statistics`: running ones, which are no parameters. Lines without line ends, none wider than
// terminal.columns (at least 60); long names are cut.
std::vector<std::string> LayerTable(const std::vector<LayerRow>& layers, int64_t parameters,
                                    int64_t trainable, const Terminal& terminal,
                                    int64_t statistics = 0);

}  // namespace seve
