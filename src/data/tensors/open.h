// Data sets made of the user's own files.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/augment/augmenter.h"
#include "data/data_sets.h"
#include "data/pixel_scale.h"
#include "data/tensors/field_file.h"

namespace seve {

struct TensorsRequest {
  std::vector<FieldRequest> train;
  // Of the same names; the columns default to those of `train`, the kind is that of `train`. Fields
  // that are not here are zeros in the test set; empty: it has no samples.
  std::vector<FieldRequest> test;
  int64_t classes = 0;  // 0: as many as occur
  bool standardize = false;
  // What is asked for of "input", in samples of a shape, which are then bytes; empty: nothing.
  std::function<PixelScale(const Shape&)> normalize;
  std::function<std::unique_ptr<const Augmenter>(const Shape&, const PixelScale&)> augment;
};

// Throws Error(kData): see ReadField and MakeClassLabels; files of different lengths; test samples
// unlike the training samples. Throws Error(kUsage) for what the kind of the data rules out:
// normalize or augment without pictures, two fields of classes.
DataSets OpenTensors(const TensorsRequest& request);

}  // namespace seve
