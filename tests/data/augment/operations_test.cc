// Each operation alone, on pictures whose pixels say where they come from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data/augment/augmenter.h"
#include "data/augment/operations_testing.h"

namespace seve::testing {
namespace {

using ::testing::ElementsAreArray;

constexpr int64_t kMany = 4000;

PictureDraws At(int64_t position, int64_t epoch = 0, int64_t index = 0) {
  return PictureDraws::Of(1, 0, epoch, position, index);
}

template <typename Kind>
std::vector<uint8_t> Written(const Kind& kind, const typename Kind::Drawn& drawn,
                             const std::vector<uint8_t>& from, const PictureExtent& extent) {
  std::vector<uint8_t> to(extent.bytes());
  kind.Write(drawn, from.data(), extent, to.data());
  return to;
}

TEST(Operations, WholePicturesAreTheirPixelsOneByOne) {
  for (const Operation& operation : EveryOperation()) {
    for (const int32_t channels : {1, 3}) {
      const PictureExtent extent = {5, 7, channels};
      const auto from = SomePicture(extent);
      for (int64_t position = 0; position < 40; ++position) {
        WithOperation(operation, [&](const auto& kind) {
          const auto drawn = WithMean(kind, kind.Draw(At(position), extent), from, extent);
          EXPECT_THAT(Written(kind, drawn, from, extent),
                      ElementsAreArray(PixelByPixel(kind, drawn, from, extent)))
              << "operation " << static_cast<int>(operation.kind) << " at " << position;
        });
      }
    }
  }
}

TEST(Operations, CropsOfPaddedPicturesLieAnywhereEquallyOften) {
  const PadAndCrop crop = {.padding = 1, .reflect = false};
  std::vector<int> counts(9);
  for (int64_t i = 0; i < kMany; ++i) {
    const auto drawn = crop.Draw(At(i), {8, 8, 1});
    ASSERT_TRUE(std::abs(drawn.top) <= 1 && std::abs(drawn.left) <= 1);
    ++counts[static_cast<size_t>(3 * (drawn.top + 1) + drawn.left + 1)];
  }
  // Within five standard deviations of the binomial law.
  for (const int count : counts) EXPECT_NEAR(count, kMany / 9.0, 5 * std::sqrt(kMany * 8 / 81.0));
}

TEST(Operations, PaddingIsBlackOrTheMirroredPicture) {
  const PictureExtent extent = {3, 3, 1};
  const std::vector<uint8_t> from = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const PadAndCrop black = {.padding = 2, .reflect = false},
                   mirror = {.padding = 2, .reflect = true};
  EXPECT_THAT(Written(black, {-1, 1}, from, extent), ElementsAreArray({0, 0, 0, 2, 3, 0, 5, 6, 0}));
  EXPECT_THAT(Written(mirror, {-1, 1}, from, extent),
              ElementsAreArray({5, 6, 5, 2, 3, 2, 5, 6, 5}));
  EXPECT_THAT(Written(mirror, {2, -2}, from, extent),
              ElementsAreArray({9, 8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST(Operations, FlipsWithTheProbabilityAskedFor) {
  const auto flips = [](double probability) {
    int count = 0;
    const Flip flip = {static_cast<uint64_t>(probability * 0x1p32), false};
    for (int64_t i = 0; i < kMany; ++i) count += flip.Draw(At(i), {2, 2, 1}).flips ? 1 : 0;
    return count;
  };
  EXPECT_EQ(flips(0), 0);
  EXPECT_EQ(flips(1), kMany);
  EXPECT_NEAR(flips(0.25), kMany / 4.0, 5 * std::sqrt(kMany * 3 / 16.0));
  const PictureExtent extent = {2, 3, 1};
  EXPECT_THAT(Written(Flip{0, false}, {true}, {1, 2, 3, 4, 5, 6}, extent),
              ElementsAreArray({3, 2, 1, 6, 5, 4}));
}

TEST(Operations, AlternatingFlipsShowEverySampleEitherWayInTurn) {
  const Flip flip = {0, true};
  int first = 0;
  for (int64_t index = 0; index < kMany; ++index) {
    const auto flips = [&](int64_t epoch) {
      // Wherever the sample stands in the epoch.
      return flip.Draw(At(index * 7 % 100 + epoch, epoch, index), {2, 2, 1}).flips;
    };
    first += flips(0) ? 1 : 0;
    for (int64_t epoch = 0; epoch < 4; ++epoch) ASSERT_NE(flips(epoch), flips(epoch + 1));
  }
  EXPECT_NEAR(first, kMany / 2.0, 5 * std::sqrt(kMany / 4.0));
}

TEST(Operations, CutoutPaintsASquareCutOffAtTheEdges) {
  Cutout cutout = {.side = 2, .fill = {9}};
  const PictureExtent extent = {3, 3, 1};
  EXPECT_THAT(Written(cutout, {0, 2, 1, 3}, std::vector<uint8_t>(9, 1), extent),
              ElementsAreArray({1, 9, 9, 1, 9, 9, 1, 1, 1}));
  int whole = 0;
  for (int64_t i = 0; i < kMany; ++i) {
    const auto drawn = cutout.Draw(At(i), extent);
    ASSERT_TRUE(drawn.top >= 0 && drawn.left >= 0 && drawn.bottom <= 3 && drawn.right <= 3);
    const int32_t area = (drawn.bottom - drawn.top) * (drawn.right - drawn.left);
    ASSERT_GE(area, 1);
    whole += area == 4 ? 1 : 0;
  }
  // Middles at 1 or 2 of 0, 1, 2 on both axes.
  EXPECT_NEAR(whole, kMany * 4 / 9.0, 5 * std::sqrt(kMany * 20 / 81.0));
}

TEST(Operations, ResizedCropsHaveTheAreaAndShapeAskedFor) {
  const auto crop = RandomResizedCrop::Of(0.25f, 0.5f, 0.75f);
  const PictureExtent extent = {96, 128, 3};
  double area = 0;
  for (int64_t i = 0; i < kMany; ++i) {
    const auto drawn = crop.Draw(At(i), extent);
    ASSERT_TRUE(drawn.top >= 0 && drawn.left >= 0 && drawn.top + drawn.height <= extent.height &&
                drawn.left + drawn.width <= extent.width);
    const double share = 1.0 * drawn.height * drawn.width / extent.pixels();
    const double shape = 1.0 * drawn.width / drawn.height;
    // Sides are whole numbers near 60.
    ASSERT_TRUE(share > 0.24 && share < 0.51 && shape > 0.73 && shape < 1.37)
        << share << " " << shape;
    area += share;
  }
  EXPECT_NEAR(area / kMany, 0.375, 0.005);
}

TEST(Operations, ACropOfTheWholePictureChangesNothing) {
  const auto crop = RandomResizedCrop::Of(1, 1, 1);
  const PictureExtent extent = {6, 6, 3};
  const auto from = SomePicture(extent);
  EXPECT_THAT(Written(crop, crop.Draw(At(3), extent), from, extent), ElementsAreArray(from));
}

TEST(Operations, WhereNoCropFitsTheLargestInTheMiddleIsTaken) {
  const auto crop = RandomResizedCrop::Of(1, 1, 0.75f);
  const auto drawn = crop.Draw(At(1), {10, 100, 1});
  EXPECT_EQ(drawn.height, 10);
  EXPECT_EQ(drawn.width, 13);  // 4/3 of the height
  EXPECT_EQ(drawn.left, 43);
  EXPECT_EQ(drawn.top, 0);
}

TEST(Operations, ResizingIsBilinear) {
  const PictureExtent extent = {1, 4, 1};
  const auto crop = RandomResizedCrop::Of(1, 1, 1);
  // Two pixels to four: at -1/4, 1/4, 3/4 and 5/4 of their distance.
  EXPECT_THAT(Written(crop, {0, 1, 1, 2}, {7, 100, 200, 9}, extent),
              ElementsAreArray({100, 125, 175, 200}));
}

TEST(Operations, JitterScalesBrightnessContrastAndSaturation) {
  const PictureExtent extent = {1, 2, 3};
  const ColorJitter jitter = {ColorJitter::kOne, ColorJitter::kOne, ColorJitter::kOne};
  constexpr int32_t kOne = ColorJitter::kOne;
  const std::vector<uint8_t> from = {100, 150, 200, 20, 20, 20};
  EXPECT_THAT(Written(jitter, {kOne, kOne, kOne, 0}, from, extent), ElementsAreArray(from));
  EXPECT_THAT(Written(jitter, {kOne * 3 / 2, kOne, kOne, 0}, from, extent),
              ElementsAreArray({150, 225, 255, 30, 30, 30}));
  // Greys 140.7 and 20: the mean is 81 in whole numbers.
  EXPECT_THAT(Written(jitter, {kOne, kOne / 2, kOne, 0}, from, extent),
              ElementsAreArray({91, 116, 141, 51, 51, 51}));
  EXPECT_THAT(Written(jitter, {kOne, 0, kOne, 0}, from, extent),
              ElementsAreArray({81, 81, 81, 81, 81, 81}));
  EXPECT_THAT(Written(jitter, {kOne, kOne, 0, 0}, from, extent),
              ElementsAreArray({141, 141, 141, 20, 20, 20}));
  for (int64_t i = 0; i < 100; ++i) {
    const auto drawn = ColorJitter{kOne / 4, 0, kOne}.Draw(At(i), extent);
    EXPECT_TRUE(drawn.brightness >= kOne * 3 / 4 && drawn.brightness <= kOne * 5 / 4);
    EXPECT_EQ(drawn.contrast, kOne);
    EXPECT_TRUE(drawn.saturation >= 0 && drawn.saturation <= 2 * kOne);
  }
}

}  // namespace
}  // namespace seve::testing
