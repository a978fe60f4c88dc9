#include "report/draw/charts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "report/draw/recording_canvas.h"

namespace seve {
namespace {

Series Curve(const std::string& name, size_t count, const std::function<double(double)>& value,
             SeriesStyle style = SeriesStyle::kLine, int colour = 0) {
  Series series;
  series.name = name;
  series.style = style;
  series.colour = colour;
  for (size_t i = 1; i <= count; ++i) {
    series.x.push_back(static_cast<double>(i));
    series.y.push_back(value(static_cast<double>(i)));
  }
  return series;
}

Chart LossChart(size_t epochs) {
  Chart chart;
  chart.title = "Loss";
  chart.x_label = "epoch";
  chart.y_label = "cross entropy";
  chart.log_y = true;
  chart.series = {
      Curve("training", epochs, [](double x) { return 2 / x; }),
      Curve(
          "validation", epochs, [](double x) { return 2 / x + 0.1; }, SeriesStyle::kDashes, 1)};
  chart.mark_x = static_cast<double>(epochs);
  chart.mark_name = "best";
  return chart;
}

Chart ChartOf(const Series& series, bool log_y = false) {
  Chart chart;
  chart.title = series.name;
  chart.x_label = "epoch";
  chart.y_label = "value";
  chart.series = {series};
  chart.log_y = log_y;
  return chart;
}

// On a logarithmic axis, which may be unable to show it.
Chart MarkedAt(double x) {
  Chart chart = LossChart(9);
  chart.log_x = true;
  chart.mark_x = x;
  return chart;
}

std::vector<Chart> OddCharts() {
  Chart many = LossChart(7);
  for (int i = 0; i < 9; ++i) {
    many.series.push_back(Curve(
        fmt::format("series number {}", i), 7, [i](double x) { return x + i; },
        SeriesStyle::kPoints, i));
  }
  Chart band = LossChart(20);
  for (Series& series : band.series) {
    for (const double y : series.y) {
      series.low.push_back(y - 0.3);  // below zero at times: not on a logarithmic axis
      series.high.push_back(y + 0.3);
    }
  }
  return {LossChart(1),
          LossChart(2),
          LossChart(1000),
          many,
          band,
          ChartOf(Curve("empty", 0, [](double) { return 0; })),
          ChartOf(Curve("constant", 9, [](double) { return 0.1; })),
          ChartOf(Curve(
                      "zero", 9, [](double) { return 0; }, SeriesStyle::kPoints),
                  true),
          ChartOf(Curve("huge", 9, [](double x) { return x * 1e300; })),
          ChartOf(Curve("tiny", 9, [](double x) { return std::pow(1e-20, x); })),
          ChartOf(Curve("tiny, logarithmic", 9, [](double x) { return std::pow(1e-20, x); }), true),
          ChartOf(Curve("far from zero", 9, [](double x) { return 1e6 + x * 0.001; })),
          ChartOf(Curve("gaps", 9, [](double x) { return x < 4 || x > 6 ? x : NAN; })),
          MarkedAt(-1),
          ChartOf(Curve("never", 9, [](double) { return NAN; }))};
}

std::vector<Bars> Panels() {
  std::vector<Bars> panels;
  for (int i = 0; i < 5; ++i) {
    Bars bars{fmt::format("block_{}.convolution.weight", i), "value", -0.1 * (i + 1), 0.1 * (i + 1),
              std::vector<double>(30, std::pow(30, i))};
    panels.push_back(bars);
  }
  panels.push_back({"none", "", 0, 1, {}});
  panels.push_back({"not finite", "", -INFINITY, NAN, {NAN, 1}});
  panels.push_back({"zero", "", 0, 0, {0, 0}});
  return panels;
}

std::vector<Tile> Tiles(size_t count) {
  const Image image{2, 3, 1, {0, 50, 100, 150, 200, 250}};
  return std::vector<Tile>(count, {image, "seen as a Pembroke Welsh corgi\n97.3 %", true});
}

std::unique_ptr<Figure> MatrixOf(size_t classes, const std::string& name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < classes; ++i) names.push_back(name + std::to_string(i));
  std::vector<double> counts(classes * classes, 3);
  for (size_t i = 0; i < classes; ++i) counts[i * classes + i] = 980;
  return ConfusionMatrix(names, counts, "Test set");
}

Surface Bowl(double lowest) {
  Surface surface{"Loss", "first direction", "second direction", {}, {},
                  {},     {4, 2, 0.1},       {4, 1, 0}};
  for (int i = -10; i <= 10; ++i) {
    surface.x.push_back(i);
    surface.y.push_back(0.5 * i);
  }
  for (const double y : surface.y) {
    for (const double x : surface.x) surface.values.push_back(lowest + x * x + y * y);
  }
  return surface;
}

std::map<std::string, std::unique_ptr<Figure>> AllFigures() {
  std::map<std::string, std::unique_ptr<Figure>> figures;
  figures["stack"] = StackedCharts(OddCharts());
  figures["no charts"] = StackedCharts({});
  for (const int columns : {1, 2, 3}) {
    figures[fmt::format("grid of {}", columns)] = ChartGrid(OddCharts(), columns, "Odd");
    figures[fmt::format("histograms in {}", columns)] = Histograms(Panels(), columns, "Weights");
  }
  figures["tiles"] = TileGrid(Tiles(120), 10, 40, "Mistakes");
  figures["no tiles"] = TileGrid({}, 10, 40, "Mistakes");
  for (const size_t classes : {1, 2, 10, 37, 100}) {
    figures[fmt::format("{} classes", classes)] = MatrixOf(classes, "");
    figures[fmt::format("{} long classes", classes)] =
        MatrixOf(classes, "a class with a name that goes on and on ");
  }
  figures["logarithmic surface"] = ContourPlot(Bowl(0.01));
  figures["linear surface"] = ContourPlot(Bowl(-5));
  Surface diverged = Bowl(1);
  diverged.path_x.back() = NAN;
  diverged.values[7] = INFINITY;
  figures["diverged"] = ContourPlot(diverged);
  figures["blocks"] =
      BlockDiagram({{"input", "784", {}},
                    {"hidden", "linear, 200 units\nno bias", {0}},
                    {"a very long name for a block of a diagram of blocks", "", {1}},
                    {"sum", "add", {0, 2}}});
  return figures;
}

bool Overlap(const Box& a, const Box& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

TEST(Figures, LieWithinTheirPaperWithNoTextOverAnother) {
  for (const auto& [name, figure] : AllFigures()) {
    RecordingCanvas canvas;
    figure->Draw(canvas);
    for (const Point& point : canvas.points) {
      const bool within = point.x >= -0.01 && point.x <= figure->width() + 0.01 &&
                          point.y >= -0.01 && point.y <= figure->height() + 0.01;
      ASSERT_TRUE(within) << name << ": " << point.x << ", " << point.y;
    }
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(Overlap(canvas.texts[i].box, canvas.texts[j].box))
            << name << ": " << canvas.texts[i].text << " over " << canvas.texts[j].text;
      }
    }
  }
}

TEST(Figures, ShowNoTextTooSmallToRead) {
  for (const auto& [name, figure] : AllFigures()) {
    RecordingCanvas canvas;
    figure->Draw(canvas);
    for (const auto& drawn : canvas.texts) EXPECT_GE(drawn.font.size, 4.5) << name;
  }
}

TEST(Charts, BreakLinesAtGapsAndShowLonePoints) {
  RecordingCanvas canvas;
  const double values[] = {1, 2, NAN, 4, NAN, 6, 7};
  StackedCharts({ChartOf(Curve("x", 7, [&](double x) { return values[int(x) - 1]; }))})
      ->Draw(canvas);
  size_t curves = 0;
  for (const auto& line : canvas.lines) curves += line.stroke.width > 1 ? 1 : 0;
  EXPECT_EQ(curves, 3);  // two runs, and the legend's sample
  EXPECT_EQ(canvas.discs.size(), 1);
}

TEST(Charts, ShareTheAxisWhenStacked) {
  RecordingCanvas canvas;
  StackedCharts({LossChart(50), LossChart(10)})->Draw(canvas);
  size_t labels = 0;
  for (const auto& drawn : canvas.texts) labels += drawn.text == "epoch" ? 1 : 0;
  EXPECT_EQ(labels, 1);
  EXPECT_TRUE(canvas.Shows("50"));
}

TEST(Charts, TellSeriesApartWithoutColour) {
  for (const SeriesStyle style : {SeriesStyle::kLine, SeriesStyle::kDashes}) {
    RecordingCanvas canvas;
    Chart chart;
    for (int i = 0; i < 4; ++i) {
      chart.series.push_back(Curve(
          "", 3, [i](double x) { return x * i; }, style, i));
    }
    StackedCharts({chart})->Draw(canvas);
    std::map<std::vector<double>, int> dashes;
    for (const auto& line : canvas.lines) {
      if (line.stroke.width > 1) ++dashes[line.stroke.dashes];
    }
    EXPECT_EQ(dashes.size(), 4);
  }
}

TEST(Charts, RefuseSeriesOfUnequalLengths) {
  Series series = Curve("x", 3, [](double x) { return x; });
  series.y.pop_back();
  EXPECT_THROW(StackedCharts({ChartOf(series)}), std::logic_error);
  series = Curve("x", 3, [](double x) { return x; });
  series.low = {1, 2};
  series.high = {1, 2};
  EXPECT_THROW(StackedCharts({ChartOf(series)}), std::logic_error);
}

TEST(ConfusionMatrices, HaveNumbersWhereTheyFit) {
  RecordingCanvas few, many;
  MatrixOf(10, "")->Draw(few);
  MatrixOf(100, "")->Draw(many);
  EXPECT_TRUE(few.Shows("980"));
  EXPECT_FALSE(many.Shows("980"));
  EXPECT_THROW(ConfusionMatrix({"a", "b"}, {1, 2, 3}, ""), std::logic_error);
}

TEST(Histograms, HaveBarsAsHighAsTheirCounts) {
  RecordingCanvas canvas;
  Histograms({{"", "", 0, 3, {10, 0, 5}}}, 1, "")->Draw(canvas);
  ASSERT_EQ(canvas.rectangles.size(), 2);
  EXPECT_NEAR(canvas.rectangles[0].height, 2 * canvas.rectangles[1].height, 1e-9);
  EXPECT_NEAR(canvas.rectangles[0].bottom(), canvas.rectangles[1].bottom(), 1e-9);
}

}  // namespace
}  // namespace seve
