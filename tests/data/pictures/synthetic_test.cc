#include "data/pictures/synthetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "data/open_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

ImageSamples Make(uint64_t seed, int64_t first, int64_t count, int threads = 1) {
  WorkerPool pool(threads);
  return MakeSyntheticImages(seed, Shape{3, 5, 7}, 4, first, count, pool);
}

TEST(SyntheticImages, ArePureFunctionsOfSeedAndIndex) {
  const ImageSamples all = Make(1, 0, 9), part = Make(1, 6, 3, 3);
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_THAT(part.Picture(i), ElementsAreArray(all.Picture(6 + i)));
    EXPECT_EQ(part.labels[static_cast<size_t>(i)], all.labels[static_cast<size_t>(6 + i)]);
  }
  EXPECT_THAT(std::vector<int32_t>(all.labels), ElementsAre(0, 1, 2, 3, 0, 1, 2, 3, 0));
  EXPECT_FALSE(std::ranges::equal(all.Pixels(), Make(2, 0, 9).Pixels()));
}

// 128 values of noise around one centre: at most 128 apart, and more alike than another class.
TEST(SyntheticImages, PicturesOfAClassAreAlike) {
  const ImageSamples samples = Make(1, 0, 9);
  const auto distance = [&](int64_t a, int64_t b) {
    int sum = 0;
    for (size_t i = 0; i < samples.Picture(a).size(); ++i) {
      sum += std::abs(samples.Picture(a)[i] - samples.Picture(b)[i]);
    }
    return sum;
  };
  EXPECT_LT(distance(0, 4) * 3, distance(0, 1) * 2);
  EXPECT_GT(distance(0, 4), 0);
}

TEST(SyntheticImages, AreOpenedFromAConfiguration) {
  const std::string text =
      "synthetic { train: 30 test: 7 channels: 1 height: 4 width: 6 classes: 300 }";
  const DataSets sets = OpenText(text);
  EXPECT_EQ(sets.train->size(), 30);
  EXPECT_EQ(sets.test->size(), 7);
  EXPECT_EQ(sets.train->classes(), 300);
  EXPECT_EQ(ClassOf(*sets.test, 6), 36);
  EXPECT_EQ(sets.train->Describe(), "random pictures (1, 4, 6) of seed 1 (30 samples)");
  const DataShape shape = PeekData(ParseData(text), "");
  EXPECT_EQ(shape.classes, 300);
  EXPECT_EQ(shape.fields[0].shape, (Shape{1, 4, 6}));
}

}  // namespace
}  // namespace seve
