#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>

#include "data/digits/canvas.h"
#include "data/digits/generate.h"
#include "data/digits/glyphs.h"

namespace seve {
namespace {

using ::testing::ElementsAreArray;

TEST(GenerateDigits, SamePictureWheneverItIsAskedFor) {
  const ImageSamples all = GenerateDigits(1, 0, 50);
  const ImageSamples some = GenerateDigits(1, 20, 5);
  for (int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(some.labels[static_cast<size_t>(i)], all.labels[static_cast<size_t>(20 + i)]);
    EXPECT_THAT(some.Picture(i), ElementsAreArray(all.Picture(20 + i)));
  }
}

TEST(GenerateDigits, AnotherSeedDrawsOtherPictures) {
  EXPECT_NE(GenerateDigits(1, 0, 50).labels, GenerateDigits(2, 0, 50).labels);
}

TEST(GenerateDigits, NoPictureAppearsTwiceNotEvenInTheTestSet) {
  std::set<std::string> pictures;
  for (const int64_t first : {int64_t{0}, kFirstTestDigit}) {
    const ImageSamples samples = GenerateDigits(1, first, 1000);
    for (int64_t i = 0; i < samples.size(); ++i) {
      const auto picture = samples.Picture(i);
      pictures.emplace(picture.begin(), picture.end());
    }
  }
  EXPECT_EQ(pictures.size(), 2000u);
}

// Binomial(5000, 0.1): 500 +- 21; five deviations are allowed.
TEST(GenerateDigits, ClassesAreAboutEquallyFrequent) {
  const ImageSamples samples = GenerateDigits(1, 0, 5000);
  EXPECT_EQ(samples.classes, 10);
  for (int digit = 0; digit < 10; ++digit) {
    EXPECT_NEAR(std::count(samples.labels.begin(), samples.labels.end(), digit), 500, 106);
  }
}

TEST(GenerateDigits, EveryPictureHasInkAndItStaysOffTheEdgeMostly) {
  const ImageSamples samples = GenerateDigits(3, 0, 500);
  EXPECT_EQ(samples.picture, (Shape{1, 28, 28}));
  int64_t at_the_edge = 0;
  for (int64_t i = 0; i < samples.size(); ++i) {
    const auto picture = samples.Picture(i);
    const auto inked =
        std::count_if(picture.begin(), picture.end(), [](uint8_t v) { return v > 128; });
    EXPECT_GT(inked, 10) << "picture " << i;
    EXPECT_LT(inked, 784 / 2) << "picture " << i;
    const auto top = picture.first(28);
    at_the_edge += std::any_of(top.begin(), top.end(), [](uint8_t v) { return v > 128; });
  }
  EXPECT_LT(at_the_edge, 25);
}

// The pictures of a class resemble each other across training and test: the nearest class mean,
// hardly a classifier at all, is right far more often than one time in ten, and far from always.
TEST(GenerateDigits, ClassesCanBeToldApartButNotTrivially) {
  const ImageSamples train = GenerateDigits(1, 0, 3000);
  const ImageSamples test = GenerateDigits(1, kFirstTestDigit, 1000);
  std::array<std::array<double, 784>, 10> means{};
  std::array<double, 10> counts{};
  for (int64_t i = 0; i < train.size(); ++i) counts[train.labels[static_cast<size_t>(i)]] += 1;
  for (int64_t i = 0; i < train.size(); ++i) {
    const size_t label = train.labels[static_cast<size_t>(i)];
    for (size_t p = 0; p < 784; ++p) means[label][p] += train.Picture(i)[p] / counts[label];
  }
  int right = 0;
  for (int64_t i = 0; i < test.size(); ++i) {
    std::array<double, 10> distances{};
    for (size_t digit = 0; digit < 10; ++digit) {
      for (size_t p = 0; p < 784; ++p) {
        distances[digit] += std::pow(test.Picture(i)[p] - means[digit][p], 2);
      }
    }
    const auto nearest = std::min_element(distances.begin(), distances.end()) - distances.begin();
    right += nearest == test.labels[static_cast<size_t>(i)];
  }
  EXPECT_GT(right, 600);
  EXPECT_LT(right, 900);
}

TEST(Flatten, CurvePassesThroughItsControlPoints) {
  const Stroke stroke = {{0, 0}, {0.5f, 1}, {1, 0}, {1, 0}, {2, 2}};
  const Stroke line = Flatten(stroke);
  for (const StrokePoint control : stroke) {
    const bool passes = std::any_of(line.begin(), line.end(), [control](StrokePoint p) {
      return std::hypot(p.x - control.x, p.y - control.y) < 1e-6;
    });
    EXPECT_TRUE(passes) << control.x << ", " << control.y;
  }
  EXPECT_EQ(line.back(), (StrokePoint{2, 2}));
}

TEST(InkCanvas, InkFallsOffOverOnePixelAroundThePen) {
  InkCanvas canvas;
  canvas.Draw({5, 10}, {15, 10}, 1.5f);
  const auto at = [&](size_t x, size_t y) { return canvas.ink()[y * 28 + x]; };
  EXPECT_EQ(at(10, 10), 1);
  EXPECT_EQ(at(10, 11), 1);
  EXPECT_EQ(at(10, 12), 0);
  EXPECT_EQ(at(3, 10), 0);
  EXPECT_NEAR(at(4, 11), 2 - std::sqrt(2.0), 1e-6);
}

TEST(InkCanvas, StrokesOutsideAreCutOff) {
  InkCanvas canvas;
  canvas.Draw({-100, -100}, {-50, -50}, 2);
  canvas.Draw({40, 5}, {60, 5}, 2);
  EXPECT_TRUE(
      std::all_of(canvas.ink().begin(), canvas.ink().end(), [](float v) { return v == 0; }));
  canvas.Draw({-5, 3}, {40, 3}, 1);
  EXPECT_EQ(canvas.ink()[3 * 28], 1);
  EXPECT_EQ(canvas.ink()[3 * 28 + 27], 1);
}

}  // namespace
}  // namespace seve
