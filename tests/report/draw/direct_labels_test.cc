#include "report/draw/direct_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/draw/charts.h"
#include "report/draw/recording_canvas.h"

namespace seve {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(SpreadApart, LeavesTextsWhereTheyAreWhileTheyDoNotMeet) {
  EXPECT_THAT(SpreadApart({20, 50}, 10, 0, 100), ElementsAre(20, 50));
}

TEST(SpreadApart, MovesTextsThatMeetAroundTheirMean) {
  EXPECT_THAT(SpreadApart({49, 51}, 10, 0, 100), ElementsAre(DoubleEq(45), DoubleEq(55)));
  // The third is met by the two once they are apart.
  EXPECT_THAT(
      SpreadApart({50, 50, 58}, 10, 0, 100),
      ElementsAre(DoubleEq(42.0 + 2.0 / 3), DoubleEq(52.0 + 2.0 / 3), DoubleEq(62.0 + 2.0 / 3)));
}

TEST(SpreadApart, StaysWithinItsEnds) {
  EXPECT_THAT(SpreadApart({0, 1}, 10, 0, 100), ElementsAre(5, 15));
  EXPECT_THAT(SpreadApart({100}, 10, 0, 100), ElementsAre(95));
  EXPECT_THAT(SpreadApart({1, 2, 3}, 10, 0, 20), ElementsAre(5, 15, 25));
}

Chart TwoLines() {
  Chart chart;
  chart.direct_labels = true;
  chart.x_marks = {1, 2, 8};
  chart.log_x = true;
  for (const char* name : {"upper", "lower"}) {
    Series& series = chart.series.emplace_back();
    series.name = name;
    series.x = {1, 2, 8};
    series.y = {1, 2, name[0] == 'u' ? 3.0 : 2.99};
    series.colour = name[0] == 'u' ? 0 : 7;
  }
  return chart;
}

TEST(DirectLabels, StandBesideTheEndsOfLinesWithinTheFigureAndApart) {
  const auto figure = StackedCharts({TwoLines()});
  RecordingCanvas canvas;
  figure->Draw(canvas);
  std::vector<Box> boxes;
  for (const auto& text : canvas.texts) {
    if (text.text == "upper" || text.text == "lower") boxes.push_back(text.box);
  }
  // No legend besides.
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_LT(boxes[0].y + boxes[0].height, boxes[1].y);
  for (const Box& box : boxes) EXPECT_LE(box.right(), figure->width());
}

TEST(DirectLabels, AreDarkEnoughToRead) {
  const auto figure = StackedCharts({TwoLines()});
  RecordingCanvas canvas;
  figure->Draw(canvas);
  for (const auto& text : canvas.texts) {
    if (text.text == "lower") {
      EXPECT_LT(text.font.colour.red, 0.6);  // yellow
    }
  }
}

TEST(Marks, TakeThePlaceOfChosenTicks) {
  const auto figure = StackedCharts({TwoLines()});
  RecordingCanvas canvas;
  figure->Draw(canvas);
  EXPECT_TRUE(canvas.Shows("8"));
  EXPECT_FALSE(canvas.Shows("5"));
}

}  // namespace
}  // namespace seve
