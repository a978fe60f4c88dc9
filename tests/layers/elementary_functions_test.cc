#include "layers/elementary_functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace seve::elementary {
namespace {

// |actual - expected| in units of the last place of the float next to `expected`.
double UlpError(float actual, double expected) {
  const float nearest = static_cast<float>(expected);
  const float magnitude = std::max(std::fabs(nearest), std::numeric_limits<float>::min());
  const double ulp =
      static_cast<double>(std::nextafter(magnitude, INFINITY)) - static_cast<double>(magnitude);
  return std::abs(static_cast<double>(actual) - expected) / ulp;
}

template <typename Function, typename Reference>
double WorstUlp(float low, float high, Function function, Reference reference) {
  constexpr int kPoints = 400001;
  double worst = 0;
  for (int i = 0; i < kPoints; ++i) {
    const float x = low + (high - low) * static_cast<float>(i) / (kPoints - 1);
    worst = std::max(worst, UlpError(function(x), reference(static_cast<double>(x))));
  }
  return worst;
}

TEST(Exp, IsWithinTwoUlp) {
  const auto reference = [](double x) { return std::exp(x); };
  EXPECT_LT(WorstUlp(-86.8f, 88.7f, Exp, reference), 2);
  EXPECT_LT(WorstUlp(-1.0f, 1.0f, Exp, reference), 2);
}

TEST(Exp, EndsInZeroAndInfinity) {
  EXPECT_EQ(Exp(-100.0f), 0.0f);
  EXPECT_EQ(Exp(-INFINITY), 0.0f);
  EXPECT_EQ(Exp(-1e30f), 0.0f);
  EXPECT_EQ(Exp(89.0f), INFINITY);
  EXPECT_EQ(Exp(1e30f), INFINITY);
  EXPECT_EQ(Exp(INFINITY), INFINITY);
  EXPECT_EQ(Exp(0.0f), 1.0f);
}

TEST(Expm1, IsWithinTwoUlp) {
  const auto reference = [](double x) { return std::expm1(x); };
  EXPECT_LT(WorstUlp(-20.0f, 88.7f, Expm1, reference), 2);
  EXPECT_LT(WorstUlp(-1e-3f, 1e-3f, Expm1, reference), 2);
  EXPECT_EQ(Expm1(-INFINITY), -1.0f);
  EXPECT_EQ(Expm1(INFINITY), INFINITY);
}

TEST(Log1pUnit, IsWithinTwoUlp) {
  const auto reference = [](double x) { return std::log1p(x); };
  EXPECT_LT(WorstUlp(0.0f, 1.0f, Log1pUnit, reference), 2);
  EXPECT_LT(WorstUlp(0.0f, 1e-6f, Log1pUnit, reference), 2);
}

TEST(Tanh, IsWithinFourUlp) {
  const auto reference = [](double x) { return std::tanh(x); };
  EXPECT_LT(WorstUlp(-12.0f, 12.0f, Tanh, reference), 4);
  EXPECT_LT(WorstUlp(-1e-2f, 1e-2f, Tanh, reference), 4);
  EXPECT_EQ(Tanh(INFINITY), 1.0f);
  EXPECT_EQ(Tanh(-INFINITY), -1.0f);
}

TEST(Erf, IsWithinFourUlp) {
  const auto reference = [](double x) { return std::erf(x); };
  EXPECT_LT(WorstUlp(-5.0f, 5.0f, Erf, reference), 4);
  EXPECT_LT(WorstUlp(-1e-2f, 1e-2f, Erf, reference), 4);
  EXPECT_EQ(Erf(INFINITY), 1.0f);
  EXPECT_EQ(Erf(-INFINITY), -1.0f);
}

TEST(Elementary, NaNStaysNaN) {
  const float nan = std::nanf("");
  EXPECT_TRUE(std::isnan(Exp(nan)));
  EXPECT_TRUE(std::isnan(Expm1(nan)));
  EXPECT_TRUE(std::isnan(Log1pUnit(nan)));
  EXPECT_TRUE(std::isnan(Tanh(nan)));
  EXPECT_TRUE(std::isnan(Erf(nan)));
}

template <typename Function>
std::vector<float> Map(const std::vector<float>& x, size_t begin, size_t count, Function function) {
  std::vector<float> y(count);
  for (size_t i = 0; i < count; ++i) y[i] = function(x[begin + i]);
  return y;
}

// A loop of 67 elements has whole vectors and a tail; started elsewhere, each element changes its
// place.
TEST(Elementary, BitsDoNotDependOnThePlaceInAVector) {
  std::vector<float> x(67);
  for (size_t i = 0; i < x.size(); ++i) x[i] = -6.0f + 0.1837f * static_cast<float>(i);
  const auto agree = [&](auto function) {
    const auto whole = Map(x, 0, x.size(), function);
    for (size_t begin = 1; begin < x.size(); ++begin) {
      const auto part = Map(x, begin, x.size() - begin, function);
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<long>(begin)));
    }
  };
  agree([](float v) { return Exp(v); });
  agree([](float v) { return Expm1(v); });
  agree([](float v) { return Tanh(v); });
  agree([](float v) { return Erf(v); });
  agree([](float v) { return Log1pUnit(Exp(-std::fabs(v))); });
}

}  // namespace
}  // namespace seve::elementary
