// Checks that need nothing but the configuration: what must be given, and which values are
// possible.
#pragma once

#include "config/load.h"

namespace seve {

// Throws Error(kUsage) with one line a problem, each starting with the place in the file. The one
// place of these rules: the registries of layers, losses, data and optimizers rely on them. What
// takes shapes, data or the number of ranks (graph cycles, the targets of losses, pattern matches,
// micro-batches a rank) is checked where those are known.
void Validate(const Configuration& configuration);

}  // namespace seve
