// A model's layers as blocks with arrows between them.
#pragma once

#include <memory>
#include <vector>

#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// Every layer after those it reads. Copies of `repeat` that are alike share a block; in larger
// models each composite layer is one.
std::unique_ptr<Figure> ModelDiagram(const std::vector<LayerRow>& layers);

}  // namespace seve
