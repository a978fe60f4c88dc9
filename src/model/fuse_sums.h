// Gives sums to the layers before them where that saves passes over memory: the end of a residual
// connection costs the time of its normalisation alone.
#pragma once

#include "model/graph.h"

namespace seve {

// Takes out every `add` of two values one of which a layer gives that can add the other itself
// (Layer::WithSum) and that nothing else reads. That layer keeps its name and runs where the sum
// did; its output is the sum.
void FuseSums(Graph& graph);

}  // namespace seve
