#include "data/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

namespace seve {
namespace {

using ::testing::ElementsAre;

KeyedPermutation Permutation(uint64_t seed, int64_t size) {
  return {RandomStream(seed, RandomPurpose::kOrder), size};
}

template <typename Map>
std::vector<int64_t> Images(const Map& map, int64_t count) {
  std::vector<int64_t> images(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) images[static_cast<size_t>(i)] = map(i);
  return images;
}

std::vector<int64_t> Sorted(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<int64_t> Range(int64_t size) {
  std::vector<int64_t> range(static_cast<size_t>(size));
  std::iota(range.begin(), range.end(), int64_t{0});
  return range;
}

class KeyedPermutationSizes : public ::testing::TestWithParam<int64_t> {};

TEST_P(KeyedPermutationSizes, EveryValueAppearsOnce) {
  for (const uint64_t seed : {0, 1, 42}) {
    EXPECT_EQ(Sorted(Images(Permutation(seed, GetParam()), GetParam())), Range(GetParam()));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, KeyedPermutationSizes,
                         ::testing::Values(1, 2, 3, 7, 64, 65, 100, 4096, 4097, 48000, 65537));

TEST(KeyedPermutation, LargeRangesStayInside) {
  const int64_t size = (int64_t{1} << 40) + 7;
  const KeyedPermutation permutation = Permutation(5, size);
  for (const int64_t index : {int64_t{0}, int64_t{1}, size / 2, size - 1}) {
    EXPECT_GE(permutation(index), 0);
    EXPECT_LT(permutation(index), size);
  }
}

TEST(KeyedPermutation, OrderNeverChangesSilently) {
  EXPECT_THAT(Images(Permutation(42, 48000), 8),
              ElementsAre(29466, 7115, 20714, 16697, 40873, 32588, 12123, 25817));
  EXPECT_THAT(Images(Permutation(1, 7), 7), ElementsAre(0, 3, 1, 5, 6, 2, 4));
}

// Adding up many random permutation matrices, (n-1)/n of Pearson's statistic over the n^2 cells is
// chi-square with (n-1)^2 degrees of freedom: mean (n-1)^2, deviation sqrt(2) (n-1). Five
// deviations are allowed.
TEST(KeyedPermutation, EveryIndexGoesEverywhereEquallyOften) {
  for (const int64_t size : {2, 3, 5, 16, 100}) {
    constexpr int kKeys = 4000;
    std::vector<double> counts(static_cast<size_t>(size * size));
    for (int key = 0; key < kKeys; ++key) {
      const KeyedPermutation permutation = Permutation(static_cast<uint64_t>(key), size);
      for (int64_t i = 0; i < size; ++i)
        counts[static_cast<size_t>(i * size + permutation(i))] += 1;
    }
    const double n = static_cast<double>(size);
    const double expected = kKeys / n;
    double chi_square = 0;
    for (const double count : counts)
      chi_square += (count - expected) * (count - expected) / expected;
    chi_square *= (n - 1) / n;
    EXPECT_LT(chi_square, (n - 1) * (n - 1) + 5 * std::sqrt(2.0) * (n - 1)) << "size " << size;
  }
}

// Neighbours in position must not be neighbours in the data: the lag-1 correlation of a random
// order of n is 0 +- 1/sqrt(n).
TEST(KeyedPermutation, ConsecutivePositionsAreUncorrelated) {
  constexpr int64_t kSize = 48000;
  const auto order = Images(Permutation(42, kSize), kSize);
  const double mean = (kSize - 1) / 2.0;
  double covariance = 0;
  double variance = 0;
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    const double here = static_cast<double>(order[i]) - mean;
    covariance += here * (static_cast<double>(order[i + 1]) - mean);
    variance += here * here;
  }
  EXPECT_LT(std::abs(covariance / variance), 4 / std::sqrt(double{kSize}));
}

TEST(Sampler, TrainingAndValidationAreDisjointAndCoverEverything) {
  for (const int64_t samples : {1, 2, 5, 101, 60000}) {
    const Sampler sampler(samples, 0.2, 42);
    EXPECT_EQ(sampler.validation_size(), std::llround(0.2 * static_cast<double>(samples)));
    for (const int64_t epoch : {0, 3}) {
      auto all = Images([&](int64_t i) { return sampler.Train(epoch, i); }, sampler.train_size());
      const auto validation =
          Images([&](int64_t i) { return sampler.Validation(i); }, sampler.validation_size());
      all.insert(all.end(), validation.begin(), validation.end());
      EXPECT_EQ(Sorted(all), Range(samples));
    }
  }
}

TEST(Sampler, WithoutValidationEverythingIsTrainedOn) {
  const Sampler sampler(100, 0, 42);
  EXPECT_EQ(sampler.train_size(), 100);
  EXPECT_EQ(sampler.validation_size(), 0);
}

TEST(Sampler, OrderDiffersBetweenEpochsAndSeeds) {
  std::set<std::vector<int64_t>> orders;
  for (const uint64_t seed : {41, 42, 43}) {
    const Sampler sampler(1000, 0.2, seed);
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      orders.insert(Images([&](int64_t i) { return sampler.Train(epoch, i); }, 800));
    }
  }
  EXPECT_EQ(orders.size(), 9u);
}

TEST(Sampler, SplitDependsOnTheSeedAlone) {
  const auto validation = [](uint64_t seed) {
    const Sampler sampler(1000, 0.2, seed);
    return Images([&](int64_t i) { return sampler.Validation(i); }, sampler.validation_size());
  };
  EXPECT_EQ(validation(1), validation(1));
  EXPECT_NE(Sorted(validation(1)), Sorted(validation(2)));
}

TEST(Sampler, OrderNeverChangesSilently) {
  const Sampler sampler(60000, 0.2, 42);
  EXPECT_THAT(Images([&](int64_t i) { return sampler.Train(0, i); }, 8),
              ElementsAre(36550, 22848, 39721, 57853, 1524, 9108, 18697, 6462));
  EXPECT_THAT(Images([&](int64_t i) { return sampler.Train(3, 40000 + i); }, 8),
              ElementsAre(33215, 50060, 17987, 4825, 49551, 44874, 38871, 17339));
  EXPECT_THAT(Images([&](int64_t i) { return sampler.Validation(i); }, 8),
              ElementsAre(42025, 44793, 35863, 16235, 50702, 51706, 34561, 49337));
}

TEST(Sampler, TrainingSplitInTheOrderOfAnEpochIsWhatIsTrainedOn) {
  for (const int64_t samples : {1, 2, 101, 5000}) {
    constexpr uint64_t kSeed = 42;
    const Sampler sampler(samples, 0.2, kSeed);
    const auto split = sampler.TrainingSplit();
    ASSERT_EQ(static_cast<int64_t>(split.size()), sampler.train_size());
    for (const int64_t epoch : {0, 1, 1000}) {
      const SampleOrder order = EpochOrder(kSeed, epoch, sampler.train_size());
      for (int64_t i = 0; i < sampler.train_size(); ++i) {
        ASSERT_EQ(sampler.Train(epoch, i), split[static_cast<size_t>(order(i))]);
      }
    }
  }
}

TEST(SampleOrder, NetworksHaveTheNextEvenNumberOfBitsAndAtLeastSix) {
  const auto half_bits = [](int64_t size) { return SampleOrder::Of({}, size).half_bits; };
  EXPECT_EQ(half_bits(1), 3);
  EXPECT_EQ(half_bits(64), 3);
  EXPECT_EQ(half_bits(65), 4);
  EXPECT_EQ(half_bits(256), 4);
  EXPECT_EQ(half_bits(257), 5);
  EXPECT_EQ(half_bits(int64_t{1} << 62), 31);
  EXPECT_EQ(half_bits((int64_t{1} << 62) + 1), 32);
}

TEST(Sampler, PositionsOutsideAreRefused) {
  const Sampler sampler(10, 0.2, 1);
  for (const int64_t position : {-1, 8, 1000000}) {
    EXPECT_THROW(static_cast<void>(sampler.Train(0, position)), std::logic_error);
  }
  for (const int64_t position : {-1, 2}) {
    EXPECT_THROW(static_cast<void>(sampler.Validation(position)), std::logic_error);
  }
}

TEST(Sampler, ImpossibleSizesAreRefused) {
  EXPECT_THROW(Sampler(0, 0.2, 1), std::logic_error);
  EXPECT_THROW(Sampler(10, 1.0, 1), std::logic_error);
  EXPECT_THROW(Sampler(10, -0.1, 1), std::logic_error);
}

}  // namespace
}  // namespace seve
