#include "optim/norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace seve {
namespace {

TEST(SumOfSquares, IsExactForSmallIntegers) {
  for (const size_t count :
       {size_t{0}, size_t{1}, size_t{31}, size_t{32}, size_t{67}, size_t{1000}}) {
    std::vector<float> values(count);
    double expected = 0;
    for (size_t i = 0; i < count; ++i) {
      values[i] = static_cast<float>(i % 13) - 6;
      expected += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    }
    EXPECT_EQ(SumOfSquares(values), expected) << count;
  }
}

TEST(SumOfSquares, DoesNotOverflow) {
  const float largest = std::numeric_limits<float>::max();
  const std::vector<float> values(40, largest);
  EXPECT_DOUBLE_EQ(SumOfSquares(values), 40 * std::pow(static_cast<double>(largest), 2));
}

TEST(SumOfSquares, ShowsNonFiniteValues) {
  for (const size_t at : {size_t{0}, size_t{33}}) {
    std::vector<float> values(40, 1.0f);
    values[at] = std::nanf("");
    EXPECT_TRUE(std::isnan(SumOfSquares(values)));
    values[at] = -std::numeric_limits<float>::infinity();
    EXPECT_TRUE(std::isinf(SumOfSquares(values)));
  }
}

}  // namespace
}  // namespace seve
