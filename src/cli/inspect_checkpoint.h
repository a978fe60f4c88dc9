// What a checkpoint holds, as text.
#pragma once

#include <string>

namespace seve {

// True for a run directory and for a checkpoint's folder.
bool HoldsCheckpoint(const std::string& path);

// Step, best so far, and every tensor with its shape and range. Verifies the checkpoint first.
std::string DescribeCheckpoint(const std::string& path);

}  // namespace seve
