#include "report/draw/palette.h"

#include <gtest/gtest.h>

#include <cmath>

namespace seve {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
// Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113, table 1, severity 1.0; of linear
// RGB.
constexpr Matrix kProtanopia = {{{0.152286, 1.052583, -0.204868},
                                 {0.114503, 0.786281, 0.099216},
                                 {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {{{0.367322, 0.860646, -0.227968},
                                   {0.280085, 0.672501, 0.047413},
                                   {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia = {{{1.255528, -0.076749, -0.178779},
                                 {-0.078411, 0.930809, 0.147602},
                                 {0.004733, 0.691367, 0.303900}}};
constexpr Matrix kToXyz = {{{0.4124564, 0.3575761, 0.1804375},
                            {0.2126729, 0.7151522, 0.0721750},
                            {0.0193339, 0.1191920, 0.9503041}}};

Vector Product(const Matrix& matrix, const Vector& vector) {
  Vector product = {};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) product[i] += matrix[i][j] * vector[j];
  }
  return product;
}

double Linear(double part) {
  return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

// CIE L*a*b* under D65.
Vector Lab(const Colour& colour, const Matrix& vision) {
  Vector seen = Product(vision, {Linear(colour.red), Linear(colour.green), Linear(colour.blue)});
  for (double& part : seen) part = std::clamp(part, 0.0, 1.0);
  Vector xyz = Product(kToXyz, seen);
  const Vector white = Product(kToXyz, {1, 1, 1});
  for (size_t i = 0; i < 3; ++i) {
    const double t = xyz[i] / white[i];
    xyz[i] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }
  return {116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])};
}

// Delta E of 1976: 2.3 is just noticeable.
double Distance(const Colour& a, const Colour& b, const Matrix& vision) {
  const Vector lab_a = Lab(a, vision);
  const Vector lab_b = Lab(b, vision);
  return std::hypot(lab_a[0] - lab_b[0], lab_a[1] - lab_b[1], lab_a[2] - lab_b[2]);
}

TEST(Palette, StartsWithColoursThatEveryVisionTellsApart) {
  for (const Matrix& vision : {kNormal, kProtanopia, kDeuteranopia, kTritanopia}) {
    for (int a = 0; a < 4; ++a) {
      for (int b = a + 1; b < 4; ++b) {
        EXPECT_GT(Distance(PaletteColour(a), PaletteColour(b), vision), 20) << a << " and " << b;
      }
      EXPECT_GT(Distance(PaletteColour(a), {1, 1, 1}, vision), 30) << a << " on paper";
    }
  }
}

TEST(Palette, WouldNotBeSoWithPlainRedAndGreen) {
  EXPECT_LT(Distance({0.8, 0.3, 0}, {0.45, 0.55, 0}, kDeuteranopia), 20);
}

TEST(Palette, StartsAgainAfterItsLastColour) {
  EXPECT_EQ(PaletteColour(8).blue, PaletteColour(0).blue);
  EXPECT_EQ(PaletteColour(9).red, PaletteColour(1).red);
}

TEST(Palette, ShadesDarkenSteadily) {
  double before = 101;
  for (double share = 0; share <= 1; share += 0.01) {
    const double lightness = Lab(Shade(share), kNormal)[0];
    EXPECT_LT(lightness, before) << share;
    before = lightness;
  }
}

}  // namespace
}  // namespace seve
