// From labels, numbers or names, to class indices.
#pragma once

#include <span>
#include <vector>

#include "data/array_dataset.h"
#include "data/tensors/field_file.h"

namespace seve {

// The same field of the training and, if there are any, of the test samples.
using FieldOfSplits = std::span<const RawField* const>;

// Whether the contents look like classes: one whole number, or one text that is no number, a
// sample. Throws Error(kData) for a column that mixes texts with numbers.
bool LookLikeClasses(FieldOfSplits splits);

struct ClassLabels {
  std::vector<StoredArray> splits;  // int32 (N), below labels.classes
  ArrayDataset::Labels labels;
};

// `classes`: as Tensors says; 0: as many as there are. Throws Error(kData) naming the place of a
// label that is no whole number from 0, or no class.
ClassLabels MakeClassLabels(FieldOfSplits splits, int64_t classes);

}  // namespace seve
