#include "data/pictures/resample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/picture_files_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

// The filter's definition in float64 and two dimensions at once.
double Reference(const Bitmap& bitmap, const PictureSize& to, int64_t y, int64_t x, int64_t c) {
  const auto weight = [](int64_t old, int64_t place, int64_t old_size, int64_t new_size) {
    const double scale = static_cast<double>(old_size) / static_cast<double>(new_size);
    const double centre = (static_cast<double>(place) + 0.5) * scale;
    const double distance = std::abs(static_cast<double>(old) + 0.5 - centre);
    return std::max(0.0, 1 - distance / std::max(scale, 1.0));
  };
  double sum = 0, weights = 0;
  for (int64_t row = 0; row < bitmap.height; ++row) {
    for (int64_t column = 0; column < bitmap.width; ++column) {
      const double w =
          weight(row, y, bitmap.height, to.height) * weight(column, x, bitmap.width, to.width);
      const auto at = static_cast<size_t>((row * bitmap.width + column) * bitmap.channels + c);
      sum += w * bitmap.pixels[at];
      weights += w;
    }
  }
  return sum / weights;
}

// Rounded twice, after rows and after columns: up to 1 beside the exact value.
TEST(Resample, FollowsItsFilterUpwardsAndDownwards) {
  for (const int64_t channels : {1, 3}) {
    const Bitmap bitmap = SmoothBitmap(13, 21, channels);
    for (const PictureSize to : {PictureSize{5, 8}, {26, 11}, {13, 50}, {1, 1}}) {
      const Bitmap resized = Resized(bitmap, to);
      size_t at = 0;
      for (int64_t y = 0; y < to.height; ++y) {
        for (int64_t x = 0; x < to.width; ++x) {
          for (int64_t c = 0; c < channels; ++c) {
            ASSERT_NEAR(resized.pixels[at++], Reference(bitmap, to, y, x, c), 1.01);
          }
        }
      }
    }
  }
}

TEST(Resample, LeavesPicturesOfTheSameSizeAlone) {
  const Bitmap bitmap = SmoothBitmap(7, 9, 3);
  EXPECT_EQ(Resized(bitmap, {7, 9}).pixels, bitmap.pixels);
}

// As Pillow has it.
TEST(Resample, InterpolatesBetweenCentres) {
  EXPECT_THAT(Resized({1, 2, 1, {0, 255}}, {1, 4}).pixels, ElementsAre(0, 64, 191, 255));
}

TEST(Resample, WindowsAreCutOutOfTheScaledPicture) {
  const Bitmap bitmap = SmoothBitmap(20, 30, 3);
  const Bitmap whole = Resized(bitmap, {10, 15});
  std::vector<uint8_t> window(4 * 5 * 3);
  Resample(bitmap, {0, 0, 20, 30}, {10, 15}, {3, 7, 4, 5}, window);
  for (int64_t y = 0; y < 4; ++y) {
    const auto* row = whole.pixels.data() + ((3 + y) * 15 + 7) * 3;
    EXPECT_THAT(std::vector<uint8_t>(window.data() + y * 15, window.data() + (y + 1) * 15),
                ElementsAreArray(row, 15));
  }
}

// What lies around the rectangle must not shine through.
TEST(Resample, RectanglesCountAsPicturesOfTheirOwn) {
  const Bitmap bitmap = SmoothBitmap(20, 30, 1);
  Bitmap part{6, 8, 1, {}};
  for (int64_t y = 0; y < 6; ++y) {
    const auto* row = bitmap.pixels.data() + (5 + y) * 30 + 11;
    part.pixels.insert(part.pixels.end(), row, row + 8);
  }
  std::vector<uint8_t> pixels(3 * 12);
  Resample(bitmap, {5, 11, 6, 8}, {3, 12}, {0, 0, 3, 12}, pixels);
  EXPECT_EQ(pixels, Resized(part, {3, 12}).pixels);
}

TEST(Resample, TheShorterSideIsScaledAndTheMiddleCutOut) {
  EXPECT_EQ(ScaledTo({375, 500}, 256), (PictureSize{256, 341}));
  EXPECT_EQ(ScaledTo({500, 375}, 256), (PictureSize{341, 256}));
  EXPECT_EQ(Middle({256, 341}, 224, 224), (Crop{16, 58, 224, 224}));
}

}  // namespace
}  // namespace seve
