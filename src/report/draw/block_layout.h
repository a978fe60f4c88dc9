// Where the blocks of a diagram lie, and the ways between them.
#pragma once

#include <vector>

#include "report/draw/canvas.h"
#include "report/draw/charts.h"

namespace seve {

struct BlockLayout {
  std::vector<Box> boxes;                // one a block
  std::vector<std::vector<Point>> ways;  // elbows from a block to one below, through no box
  double width = 0, height = 0;
};

// In layers: a block lies below all of its inputs. Ways that pass layers run beside all boxes,
// those that overlap on tracks of their own.
BlockLayout LayOut(const std::vector<Block>& blocks, double box_width, double box_height);

}  // namespace seve
