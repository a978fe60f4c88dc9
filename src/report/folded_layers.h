// A model's layers in fewer rows: copies under the names "c/1", "c/2", ... (config's `repeat`) that
// are alike become one.
#pragma once

#include <string>
#include <vector>

#include "train/events.h"

namespace seve {

// Rows that stand together in a list of layers.
struct LayerGroup {
  size_t first = 0, count = 1;
  LayerRow row;  // what stands for them; of one, that row itself
};

// Of copies alike the first is left as it is, the others are one group: "c/2 to c/23", "22 more
// like c/1", with their parameters together and the output of the last.
std::vector<LayerGroup> FoldCopies(const std::vector<LayerRow>& layers);

// Each layer of the model with all that is inside it is one group, "c".
std::vector<LayerGroup> FoldComposites(const std::vector<LayerRow>& layers);

// The rows of FoldCopies.
std::vector<LayerRow> WithoutCopies(const std::vector<LayerRow>& layers);

}  // namespace seve
