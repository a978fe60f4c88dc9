#include "report/draw/curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace seve {
namespace {

TEST(Curves, OfFewPointsKeepThemAll) {
  const std::vector<Point> points = {{0, 1}, {1, 5}, {2, 3}};
  EXPECT_EQ(Thinned(points, 0.5).size(), 3);
}

TEST(Curves, OfManyPointsKeepEachColumnsExtremes) {
  std::vector<Point> points;
  for (int i = 0; i < 100000; ++i) points.push_back({i * 0.001, std::sin(i * 0.1)});
  points[54321].y = 9;  // a spike that must be seen
  const auto thinned = Thinned(points, 0.5);
  EXPECT_LE(thinned.size(), 4 * 200U);
  EXPECT_EQ(std::count_if(thinned.begin(), thinned.end(), [](const Point& p) { return p.y == 9; }),
            1);
  EXPECT_TRUE(std::is_sorted(thinned.begin(), thinned.end(),
                             [](const Point& a, const Point& b) { return a.x < b.x; }));
  EXPECT_EQ(thinned.front().x, points.front().x);
  EXPECT_EQ(thinned.back().x, points.back().x);
}

}  // namespace
}  // namespace seve
