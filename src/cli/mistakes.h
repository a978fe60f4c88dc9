// Shows the samples a classifier is most wrong about in the terminal.
#pragma once

#include <string>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

// The pictures of `predictions.worst` side by side, with "7, said 2" below each; a line each where
// the samples are no pictures.
std::string DrawMistakes(const PredictionsEvent& predictions, const Terminal& terminal);

}  // namespace seve
