#include "report/pictures/value_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace seve {
namespace {

using testing::ElementsAre;

TEST(SignedPicture, IsWhiteAtZeroRedAboveAndBlueBelow) {
  const Image image = SignedPicture(std::array{0.0F, 5.0F, -5.0F, std::nanf("")}, 2, 2, 1);
  EXPECT_THAT(image.pixels,
              ElementsAre(255, 255, 255, 0xB2, 0x18, 0x2B, 0x21, 0x66, 0xAC, 255, 255, 255));
}

TEST(SignedPicture, OfZerosAloneIsWhite) {
  EXPECT_THAT(SignedPicture(std::array{0.0F}, 1, 1, 0).pixels, ElementsAre(255, 255, 255));
}

TEST(StretchedPicture, GoesFromTheLowestValueToTheHighest) {
  EXPECT_THAT(StretchedPicture(std::array{-1.0F, 0.0F, 1.0F, 1.0F}, {1, 2, 2}).pixels,
              ElementsAre(0, 128, 255, 255));
}

TEST(StretchedPicture, BringsChannelsTogether) {
  EXPECT_THAT(StretchedPicture(std::array{0.0F, 1.0F, 0.5F, 0.0F, 1.0F, 1.0F}, {3, 1, 2}).pixels,
              ElementsAre(0, 128, 255, 255, 0, 255));
}

TEST(IsPicture, IsAThingOfOneOrThreeChannels) {
  EXPECT_TRUE(IsPicture({1, 28, 28}));
  EXPECT_TRUE(IsPicture({3, 32, 32}));
  EXPECT_FALSE(IsPicture({2, 28, 28}));
  EXPECT_FALSE(IsPicture({28, 28}));
  EXPECT_FALSE(IsPicture({1, 1, 7}));
}

}  // namespace
}  // namespace seve
