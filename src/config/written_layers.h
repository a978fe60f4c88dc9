// The layers of a model as they are written, those inside others and inside definitions too.
#pragma once

#include <string>
#include <vector>

#include "config/names.h"

namespace seve {

struct WrittenLayer {
  const config::Layer& layer;
  std::string name;        // "hidden", "res/conv2d_1": how messages call it
  std::string path;        // as SourceMap knows it: "model.res.residual.layer[0]"
  std::string index_path;  // the same without names, for two of one name: "model.define[0]..."
  int definitions;         // so many of the model's may be used, those before
  bool is_definition = false;
};

// Layers that stand one after the other and are told apart by their names.
using WrittenList = std::vector<WrittenLayer>;

// The model's layers and definitions, which are addressed alike; then the lists inside these.
std::vector<WrittenList> WrittenLists(const config::Model& model);

}  // namespace seve
