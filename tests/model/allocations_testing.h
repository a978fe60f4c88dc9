// Counts what a thread takes from operator new.
#pragma once

#include <cstdint>

namespace seve {

// Of this thread since it began, but for what oneDNN takes for itself whenever it runs a primitive.
int64_t AllocationsOfThisThread();

}  // namespace seve
