// The kinds of figures there are. Colours are those of Okabe & Ito (2008), which people with any
// colour vision tell apart; series differ in dashes besides.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "report/draw/figure.h"

namespace seve {

enum class SeriesStyle { kLine, kDashes, kPoints };

struct Series {
  std::string name;  // in the legend; empty: not there
  std::vector<double> x, y;
  std::vector<double> low, high;  // a band around y; empty: none
  SeriesStyle style = SeriesStyle::kLine;
  int colour = 0;   // counted through the palette
  int dashes = -1;  // counted through the kinds of dashes; -1: as the colour
};

// One pair of axes. Values that are not finite interrupt a line.
struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  bool log_y = false;
  std::optional<double> mark_x;  // a thin vertical line: "best"
  std::string mark_name;
  bool log_x = false;                    // of charts with an axis in common, the first one's
  std::vector<double> x_marks, y_marks;  // where the axes are marked, all shown; empty: chosen
  bool direct_labels = false;  // names beside the ends of lines, not in a legend above; stacks only
};

// Adds a line and a point at each of its values, which are one in the legend.
void AddLineWithPoints(Series line, Chart* chart);

// One below the other, with the x axis in common, as the course's learning curves.
std::unique_ptr<Figure> StackedCharts(std::vector<Chart> charts);
// In rows of `columns`, each with axes of its own.
std::unique_ptr<Figure> ChartGrid(std::vector<Chart> charts, int columns, const std::string& title);

struct Bars {
  std::string title, x_label;
  double low = 0, high = 1;
  std::vector<double> heights;  // of equal intervals from low to high
};
std::unique_ptr<Figure> Histograms(std::vector<Bars> panels, int columns, const std::string& title);

struct Tile {
  Image image;
  std::string caption;      // below, "\n" between lines
  bool emphasised = false;  // the caption in the colour of what is wrong
};
// Pictures in rows, all drawn `side` points high.
std::unique_ptr<Figure> TileGrid(std::vector<Tile> tiles, int columns, double side,
                                 const std::string& title);

// Counts (truth, said) as shades of a row's share, with numbers where they fit.
std::unique_ptr<Figure> ConfusionMatrix(const std::vector<std::string>& class_names,
                                        const std::vector<double>& counts,
                                        const std::string& title);

struct Surface {
  std::string title, x_label, y_label;
  std::vector<double> x, y;    // of columns and rows, ascending
  std::vector<double> values;  // (y, x)
  std::vector<double> path_x, path_y;
};
// Contour lines at logarithmic levels, and the path with its start and end.
std::unique_ptr<Figure> ContourPlot(Surface surface);

struct Block {
  std::string title, detail;  // "hidden", "linear, 200 units"
  std::vector<int> inputs;    // indices of blocks before it
};
// Blocks from top to bottom with arrows between them.
std::unique_ptr<Figure> BlockDiagram(std::vector<Block> blocks);

}  // namespace seve
