#include "report/draw/axes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/draw/look.h"

namespace seve {
namespace {

AxisRange RangeOf(const std::vector<double>& values, bool logarithmic = false) {
  AxisRange range;
  range.Include(values, logarithmic);
  return range;
}

TEST(Axes, PlaceValuesBetweenTheEndsOfTheArea) {
  const Axes axes({10, 20, 100, 50}, Axis({0, 4}, false), Axis({1, 100}, true));
  EXPECT_DOUBLE_EQ(axes.At(1, 10).x, 35);
  EXPECT_DOUBLE_EQ(axes.At(1, 10).y, 45);  // the middle of two decades
  EXPECT_DOUBLE_EQ(axes.At(0, 1).y, 70);   // low is at the bottom
}

TEST(Axes, HaveNoPlaceForWhatCannotBeShown) {
  const Axes axes({0, 0, 1, 1}, Axis({0, 4}, false), Axis({1, 100}, true));
  EXPECT_TRUE(std::isnan(axes.At(1, 0).y));
  EXPECT_TRUE(std::isnan(axes.At(1, -3).y));
  EXPECT_TRUE(std::isnan(axes.At(std::nan(""), 1).x));
}

TEST(Axes, ShowOneValueInTheMiddle) {
  for (const double value : {0.0, 0.1, -7.0, 1e-12, 1e20}) {
    EXPECT_NEAR(Axis(RangeOf({value, value}), false).Fraction(value), 0.5, 1e-6) << value;
  }
  EXPECT_NEAR(Axis(RangeOf({3e-5}, true), true).Fraction(3e-5), 0.5, 1e-6);
  // Equal up to rounding counts as one.
  EXPECT_NEAR(Axis(RangeOf({0.1 + 0.2, 0.3}), false).Fraction(0.3), 0.5, 1e-6);
}

TEST(Axes, IgnoreInfinitiesAndOnLogarithmicAxesZero) {
  const AxisRange linear = RangeOf({INFINITY, 1, std::nan(""), 2, -INFINITY});
  EXPECT_EQ(linear.low, 1);
  EXPECT_EQ(linear.high, 2);
  EXPECT_EQ(RangeOf({0, -1, 0.5, 2}, true).low, 0.5);
  EXPECT_TRUE(RangeOf({0, -1}, true).empty());
  EXPECT_EQ(Axis(RangeOf({}), false).Fraction(1), 1);
}

TEST(Axes, HaveTicksWhateverTheirEnds) {
  for (const bool logarithmic : {false, true}) {
    for (const double low : {std::log(0.0), -1.0, 0.0, std::nan(""), 1e308}) {
      EXPECT_FALSE(Axis({low, std::nan("")}, logarithmic).Ticks(5).empty()) << low;
    }
  }
}

TEST(Axes, TicksBesideEachOtherDoNotTouch) {
  for (const double high : {1.0, 7.0, 1000.0, 123456.0, 3e-7, 4e9}) {
    for (const double low : {0.0, -high}) {
      for (const double length : {60.0, 150.0, 350.0}) {
        const Axis axis({low, high}, false);
        double end = -INFINITY;
        const auto ticks = axis.TicksBeside(length);
        EXPECT_GE(ticks.size(), length < 100 ? 1 : 2)
            << low << " to " << high << " within " << length;
        for (const Tick& tick : ticks) {
          const double middle = axis.Fraction(tick.value) * length;
          const double half = TextWidth(tick.text, kTickFont) / 2;
          EXPECT_GT(middle - half, end + 2) << tick.text << " within " << length;
          end = middle + half;
        }
      }
    }
  }
}

}  // namespace
}  // namespace seve
