#include "tensor/channels_last.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace seve {
namespace {

std::vector<uint8_t> Counted(int64_t count) {
  std::vector<uint8_t> values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), uint8_t{0});
  return values;
}

TEST(ChannelsLast, OnlyPicturesOfSeveralChannelsAndPixelsAreNoRowMajor) {
  for (const Shape& shape : {Shape{}, {7}, {3, 4}, {1, 28, 28}, {5, 1, 1}, {2, 3, 4, 5}}) {
    EXPECT_TRUE(LiesRowMajor(shape)) << shape.ToString();
  }
  for (const Shape& shape : {Shape{3, 2, 2}, {2, 1, 5}}) {
    EXPECT_FALSE(LiesRowMajor(shape)) << shape.ToString();
  }
}

TEST(ChannelsLast, ShapesOfEqualChannelsLieAlike) {
  EXPECT_TRUE(LieAlike({3, 4, 5}, {3, 2, 10}));
  EXPECT_TRUE(LieAlike({1, 28, 28}, {784}));
  EXPECT_TRUE(LieAlike({60, 1, 1}, {6, 10}));
  EXPECT_TRUE(LieAlike({60, 1, 1}, {1, 6, 10}));
  EXPECT_FALSE(LieAlike({3, 4, 5}, {60}));
  EXPECT_FALSE(LieAlike({60}, {3, 4, 5}));
  EXPECT_FALSE(LieAlike({3, 4, 5}, {5, 4, 3}));
}

TEST(ChannelsLast, MovesValuesToTheirPlaces) {
  const Shape sample = {2, 1, 3};
  const auto first = Counted(12);
  std::vector<uint8_t> last(12), back(12);
  ToChannelsLast(first.data(), 2, sample, last.data());
  EXPECT_EQ(last, (std::vector<uint8_t>{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}));
  for (int64_t place = 0; place < 6; ++place) {
    EXPECT_EQ(last[static_cast<size_t>(PlaceInMemory(place, sample))], place);
  }
  ToChannelsFirst(last.data(), 2, sample, back.data());
  EXPECT_EQ(back, first);
}

TEST(ChannelsLast, LeavesOthersAsTheyAre) {
  const auto values = Counted(12);
  for (const Shape& sample : {Shape{12}, {3, 4}, {1, 3, 4}, {12, 1, 1}}) {
    std::vector<uint8_t> moved(12);
    ToChannelsLast(values.data(), 1, sample, moved.data());
    EXPECT_EQ(moved, values);
    EXPECT_EQ(PlaceInMemory(7, sample), 7);
  }
}

}  // namespace
}  // namespace seve
