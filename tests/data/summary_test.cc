#include "data/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace seve {
namespace {

TEST(Summarise, FiguresOfAHandMadeSet) {
  ImageSamples samples;
  samples.picture = Shape{1, 1, 2};
  samples.pixels = Buffer(6);
  const uint8_t pixels[] = {0, 255, 0, 255, 255, 255};
  std::copy(std::begin(pixels), std::end(pixels), samples.Pixels().begin());
  samples.labels = {2, 0, 2};
  samples.classes = 4;
  const SamplesSummary summary = Summarise(samples);
  EXPECT_THAT(summary.per_class, ::testing::ElementsAre(1, 0, 2, 0));
  EXPECT_NEAR(summary.mean, 2.0 / 3, 1e-12);
  EXPECT_NEAR(summary.deviation, std::sqrt(2.0) / 3, 1e-12);
}

}  // namespace
}  // namespace seve
