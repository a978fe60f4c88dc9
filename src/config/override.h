// Applies one --set path=value to a configuration.
#pragma once

#include <string>

#include "config/parse.h"

namespace seve {

// `set` is "path=value". The path leads through fields by name ("optimizer.sgd.momentum"), through
// layers and definitions of the model by theirs ("model.hidden.linear.units", "model.linear_1…")
// and through lists by index ("loss[0].weight", "model.res.residual.layer[1]…"); where a list has
// one element, or none yet, the index may be left out
// ("loss.weight"). Choosing another alternative of a oneof drops the one before. The value of a
// field that holds a message is "{ text format }", which replaces it wholly; "" and "{}" mean the
// message with nothing in it ("model.activation.tanh="). A list takes "[a, b]" or one element.
// Throws Error(kUsage) that names the segment, near names, or the type wanted.
void ApplyOverride(const std::string& set, Draft* draft);

}  // namespace seve
