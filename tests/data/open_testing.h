// Data sets opened from the text of a `data` message, and what is in them.
#pragma once

#include <string>
#include <vector>

#include "data/registry.h"

namespace seve {

// `text` is the inside of data { … }.
config::Data ParseData(const std::string& text);
DataSets OpenText(const std::string& text, const std::string& root = "");

// The values of one sample; `field` is a place among Fields().
std::vector<float> ValuesOf(const Dataset& dataset, int64_t index, size_t field = 0);
int32_t ClassOf(const Dataset& dataset, int64_t index, size_t field = 1);

}  // namespace seve
