// The layers that a model really has: definitions put in where they are used, repeats written out,
// residuals and norms taken apart.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/layers.pb.h"

namespace seve {

// More are refused; the largest residual networks have a few thousand.
inline constexpr int kMostLayers = 10'000;

struct ExpandedLayer {
  // Of a plain kind: no residual, block or use, no repeat, no norm. Its name is the full one
  // ("c/3/conv2d_1"), and every input is given: the name of another one or, where there is none of
  // that name, of a field of the data.
  config::Layer layer;
  std::string path;  // of what was written, as SourceMap knows it: "model.res.residual.layer[0]"
};

// An `input` that was written and means no layer: a field of the data, or a mistake.
struct OutsideInput {
  std::string layer, input;
  std::string path;                // of the input
  std::vector<std::string> known;  // what would be a layer's name there
};

struct ExpandedModel {
  std::vector<ExpandedLayer> layers;  // in the order of the text, so not always the one they run in
  std::vector<OutsideInput> outside;
  std::string beyond;  // path of the layer that made them more than kMostLayers; empty: none did

  // The layer whose output is meant by a name of the model: "c" is "c/23/sum", "stem" the norm of
  // that convolution, "stem/norm". Null when no layer is called so.
  [[nodiscard]] const std::string* Find(const std::string& name) const;

  std::map<std::string, std::string> outputs;  // by every name there is
};

// Never fails: leaves out what a valid model does not have, such as uses of nothing.
ExpandedModel ExpandModel(const config::Model& model);

}  // namespace seve
