// Where a function known on a grid has a given value: marching squares, the plane's case of
// Lorensen & Cline, Marching cubes, SIGGRAPH 1987.
#pragma once

#include <span>
#include <vector>

#include "report/draw/canvas.h"

namespace seve {

// A function at the crossings of columns x and rows y, both ascending.
struct Grid {
  std::span<const double> x, y;
  std::span<const double> values;  // (y, x)

  [[nodiscard]] double At(size_t column, size_t row) const {
    return values[row * x.size() + column];
  }
  // Bilinear between the crossings; NaN outside, or next to one that is not finite.
  [[nodiscard]] double Between(double at_x, double at_y) const;
};

// Lines in the grid's coordinates, each as long as it goes; a closed one ends where it starts. None
// through cells with a corner that is not finite.
std::vector<std::vector<Point>> Contours(const Grid& grid, double level);

}  // namespace seve
