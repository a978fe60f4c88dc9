#include "report/draw/contours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace seve {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// A function sampled on a grid over [-2, 2] x [-2, 2].
struct Samples {
  std::vector<double> x, y, values;

  Samples(size_t columns, size_t rows, const std::function<double(double, double)>& function) {
    for (size_t i = 0; i < columns; ++i) x.push_back(At(i, columns));
    for (size_t i = 0; i < rows; ++i) y.push_back(At(i, rows));
    for (const double b : y) {
      for (const double a : x) values.push_back(function(a, b));
    }
  }
  [[nodiscard]] Grid grid() const { return {x, y, values}; }

 private:
  static double At(size_t index, size_t count) {
    return -2 + 4 * static_cast<double>(index) / static_cast<double>(count - 1);
  }
};

double Circle(double x, double y) { return x * x + y * y; }
double Saddle(double x, double y) { return x * y; }

double Length(const std::vector<Point>& line) {
  double length = 0;
  for (size_t i = 1; i < line.size(); ++i) {
    length += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
  }
  return length;
}

TEST(Contours, OfACircleAreACircle) {
  const Samples samples(80, 61, Circle);
  const auto lines = Contours(samples.grid(), 2.25);
  ASSERT_THAT(lines, SizeIs(1));
  for (const Point& point : lines[0]) EXPECT_NEAR(std::hypot(point.x, point.y), 1.5, 0.002);
  EXPECT_NEAR(Length(lines[0]), 2 * M_PI * 1.5, 0.01);
  EXPECT_EQ(lines[0].front().x, lines[0].back().x);
  EXPECT_EQ(lines[0].front().y, lines[0].back().y);
}

TEST(Contours, EndAtTheEdgesOfTheGrid) {
  const Samples samples(11, 11, [](double x, double) { return x; });
  const auto lines = Contours(samples.grid(), 0.9);
  ASSERT_THAT(lines, SizeIs(1));
  ASSERT_THAT(lines[0], SizeIs(11));
  EXPECT_DOUBLE_EQ(std::abs(lines[0].front().y - lines[0].back().y), 4);
  for (const Point& point : lines[0]) EXPECT_NEAR(point.x, 0.9, 1e-12);
}

TEST(Contours, OfASaddleAreTwoBranchesThatDoNotMeet) {
  const Samples samples(20, 20, Saddle);  // the middle cell has two opposite corners above
  for (const double level : {0.01, -0.01}) {
    const auto lines = Contours(samples.grid(), level);
    ASSERT_THAT(lines, SizeIs(2)) << level;
    for (const auto& line : lines) {
      for (const Point& point : line) EXPECT_GT(point.x * point.y * level, 0);
    }
  }
}

TEST(Contours, AreNoneWhereTheLevelIsNot) {
  const Samples samples(9, 9, Circle);
  EXPECT_THAT(Contours(samples.grid(), -1), IsEmpty());
  EXPECT_THAT(Contours(samples.grid(), 9), IsEmpty());
  const Samples flat(9, 9, [](double, double) { return 3; });
  EXPECT_THAT(Contours(flat.grid(), 3), IsEmpty());
}

TEST(Contours, LeaveOutCellsWithoutAValue) {
  Samples samples(41, 41, Circle);
  samples.values[20 * 41 + 35] = std::nan("");  // (1.5, 0)
  const auto lines = Contours(samples.grid(), 2.26);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_NEAR(Length(lines[0]), 2 * M_PI * std::sqrt(2.26) - 0.2, 0.03);
}

TEST(Grids, AreBilinearBetweenTheirValues) {
  const Samples samples(5, 4, [](double x, double y) { return 1 + 2 * x + 3 * y + x * y; });
  EXPECT_NEAR(samples.grid().Between(0.3, -1.7), 1 + 0.6 - 5.1 - 0.51, 1e-12);
  EXPECT_NEAR(samples.grid().Between(2, 2), 15, 1e-12);
  EXPECT_TRUE(std::isnan(samples.grid().Between(2.1, 0)));
}

}  // namespace
}  // namespace seve
