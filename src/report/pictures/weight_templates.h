// What the units of a first layer look for: their weights as pictures.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/graph.h"
#include "model/parameter_layout.h"
#include "report/draw/figure.h"

namespace seve {

// A layer whose weights are pictures, a row a unit.
struct TemplateLayer {
  std::string name;
  const Parameter* weight = nullptr;  // in the layout
  Shape picture;                      // (C, H, W), of filters with their own height and width
  int64_t units = 0;
  int64_t pieces = 1;   // rows side by side that are one unit's
  bool scored = false;  // by the first loss: its units are classes
};

// Linear and maxout layers that read the data's "input", maybe reshaped, where that is a picture, and
// the filters of convolutions of it in one or three channels. They refer to the layout.
std::vector<TemplateLayer> TemplateLayers(const Graph& graph, const ParameterLayout& layout);

// weights: (units * pieces, C * H * W), of which the first 256 rows are shown. class_names: for the
// captions of a scored layer; units without one go by number. when: "step 750".
std::unique_ptr<Figure> WeightTemplates(const TemplateLayer& layer, std::span<const float> weights,
                                        const std::vector<std::string>& class_names,
                                        const std::string& when);

}  // namespace seve
