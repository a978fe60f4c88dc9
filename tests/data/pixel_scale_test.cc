#include "data/pixel_scale.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace seve {
namespace {

std::vector<uint8_t> Bytes(size_t count) {
  std::vector<uint8_t> bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(i * 37 + i / 256);
  return bytes;
}

// Every channel has its own pair, in whole vectors and in what is left over, for any number of
// channels.
TEST(PixelScale, EachChannelHasItsOwnMeanAndDeviation) {
  for (const size_t channels : {1u, 2u, 3u, 4u, 5u}) {
    std::vector<float> means, deviations;
    for (size_t i = 0; i < channels; ++i) {
      means.push_back(0.1f * static_cast<float>(i + 1));
      deviations.push_back(0.2f + 0.05f * static_cast<float>(i));
    }
    const PixelScale scale(means, deviations);
    for (const size_t pixels : {1u, 16u, 17u, 100u}) {
      const auto bytes = Bytes(pixels * channels);
      std::vector<float> values(bytes.size() + 1, -7.0f);
      scale.Apply(bytes.data(), bytes.size(), values.data());
      for (size_t i = 0; i < bytes.size(); ++i) {
        const size_t channel = i % channels;
        EXPECT_EQ(values[i], std::fma(static_cast<float>(bytes[i]), scale.scale()[channel],
                                      scale.shift()[channel]));
        EXPECT_NEAR(values[i],
                    (bytes[i] / 255.0 - double{means[channel]}) / double{deviations[channel]}, 2e-6)
            << channels << " channels, byte " << i;
      }
      EXPECT_EQ(values.back(), -7.0f);
    }
  }
}

TEST(PixelScale, EqualChannelsAreToTheBitAsOne) {
  const std::vector<float> mean(3, 0.3f), deviation(3, 0.2f);
  const auto bytes = Bytes(3 * 77);
  std::vector<float> one(bytes.size()), three(bytes.size());
  PixelScale(0.3f, 0.2f).Apply(bytes.data(), bytes.size(), one.data());
  PixelScale(mean, deviation).Apply(bytes.data(), bytes.size(), three.data());
  EXPECT_EQ(one, three);
}

TEST(PixelScale, RefusesADeviationOfNone) { EXPECT_ANY_THROW(PixelScale(0, 0)); }

}  // namespace
}  // namespace seve
