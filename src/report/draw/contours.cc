#include "report/draw/contours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace seve {
namespace {

// An edge of the grid by the crossing at its lower end, to the right of it or above it.
struct Edge {
  size_t column, row;
  bool upright;

  auto operator<=>(const Edge&) const = default;
};

using Segment = std::pair<Edge, Edge>;

Point PointOn(const Grid& grid, const Edge& edge, double level) {
  const size_t column = edge.column + (edge.upright ? 0 : 1);
  const size_t row = edge.row + (edge.upright ? 1 : 0);
  const double from = grid.At(edge.column, edge.row);
  const double share = (level - from) / (grid.At(column, row) - from);
  return {std::lerp(grid.x[edge.column], grid.x[column], share),
          std::lerp(grid.y[edge.row], grid.y[row], share)};
}

// The level's segments within one cell: none, one, or two where opposite corners are on one side.
void AddSegments(const Grid& grid, double level, size_t column, size_t row,
                 std::vector<Segment>& segments) {
  // Corners and edges around the cell: edge i goes from corner i to corner i + 1.
  const std::array corners = {grid.At(column, row), grid.At(column + 1, row),
                              grid.At(column + 1, row + 1), grid.At(column, row + 1)};
  const std::array edges = {Edge{column, row, false}, Edge{column + 1, row, true},
                            Edge{column, row + 1, false}, Edge{column, row, true}};
  double sum = 0;
  for (const double corner : corners) sum += corner;
  if (!std::isfinite(sum)) return;
  const auto above = [&](size_t corner) { return corners[corner % 4] >= level; };
  std::vector<Edge> crossed;
  for (size_t i = 0; i < 4; ++i) {
    if (above(i) != above(i + 1)) crossed.push_back(edges[i]);
  }
  if (crossed.size() == 2) segments.emplace_back(crossed[0], crossed[1]);
  if (crossed.size() != 4) return;
  // A saddle: the middle decides which corners belong together.
  if (above(0) == (sum / 4 >= level)) {
    segments.emplace_back(crossed[0], crossed[1]);
    segments.emplace_back(crossed[2], crossed[3]);
  } else {
    segments.emplace_back(crossed[3], crossed[0]);
    segments.emplace_back(crossed[1], crossed[2]);
  }
}

// Every edge has one segment on each side, at most; so lines are followed from neighbour to
// neighbour.
class Chains {
 public:
  explicit Chains(const std::vector<Segment>& segments) {
    for (const auto& [a, b] : segments) {
      neighbours_[a].push_back(b);
      neighbours_[b].push_back(a);
    }
  }

  std::vector<std::vector<Edge>> TakeAll() {
    std::vector<std::vector<Edge>> chains;
    for (const bool open : {true, false}) {
      for (const auto& [edge, neighbours] : neighbours_) {
        if (neighbours.size() == 1 || (!open && !neighbours.empty())) chains.push_back(Take(edge));
      }
    }
    return chains;
  }

 private:
  std::vector<Edge> Take(Edge edge) {
    std::vector<Edge> chain = {edge};
    while (!neighbours_[edge].empty()) {
      const Edge next = neighbours_[edge].back();
      neighbours_[edge].pop_back();
      std::erase(neighbours_[next], edge);
      chain.push_back(edge = next);
    }
    return chain;
  }

  std::map<Edge, std::vector<Edge>> neighbours_;
};

// The interval of ascending positions that holds the value, as its lower end and the share of it.
std::pair<size_t, double> Place(std::span<const double> positions, double value) {
  const auto above = std::upper_bound(positions.begin(), positions.end(), value);
  const auto index =
      static_cast<size_t>(std::max<std::ptrdiff_t>(above - positions.begin() - 1, 0));
  const size_t low = std::min(index, positions.size() - 2);
  return {low, (value - positions[low]) / (positions[low + 1] - positions[low])};
}

}  // namespace

double Grid::Between(double at_x, double at_y) const {
  const auto [column, share_x] = Place(x, at_x);
  const auto [row, share_y] = Place(y, at_y);
  if (share_x < 0 || share_x > 1 || share_y < 0 || share_y > 1) return std::nan("");
  return std::lerp(std::lerp(At(column, row), At(column + 1, row), share_x),
                   std::lerp(At(column, row + 1), At(column + 1, row + 1), share_x), share_y);
}

std::vector<std::vector<Point>> Contours(const Grid& grid, double level) {
  std::vector<Segment> segments;
  for (size_t row = 0; row + 1 < grid.y.size(); ++row) {
    for (size_t column = 0; column + 1 < grid.x.size(); ++column) {
      AddSegments(grid, level, column, row, segments);
    }
  }
  std::vector<std::vector<Point>> lines;
  for (const auto& chain : Chains(segments).TakeAll()) {
    std::vector<Point>& line = lines.emplace_back();
    for (const Edge& edge : chain) line.push_back(PointOn(grid, edge, level));
  }
  return lines;
}

}  // namespace seve
