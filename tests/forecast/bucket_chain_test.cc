#include "forecast/bucket_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forecast/slowest_rank.h"

namespace seve {
namespace {

constexpr double kMiB = 1 << 20;

std::vector<double> MibOf(const std::vector<GradientSlice>& buckets) {
  std::vector<double> mib;
  for (const GradientSlice& bucket : buckets) mib.push_back(bucket.bytes / kMiB);
  return mib;
}

// A slice every tenth of the backward pass.
std::vector<GradientSlice> Slices(std::initializer_list<double> mib) {
  std::vector<GradientSlice> slices;
  for (const double size : mib) {
    slices.push_back({size * kMiB, 0.1 * static_cast<double>(slices.size() + 1)});
  }
  return slices;
}

TEST(MergeSlices, StartsAndEndsWithASmallBucket) {
  const auto buckets = MergeSlices(Slices({0.5, 0.5, 10, 20, 5, 0.5, 0.25}), {.bucket_mib = 25});
  EXPECT_THAT(MibOf(buckets), testing::ElementsAre(1, 30, 5, 0.75));
  EXPECT_NEAR(buckets[1].ready, 0.4, 1e-12);
  EXPECT_NEAR(buckets[3].ready, 0.7, 1e-12);
}

TEST(MergeSlices, MakesEachSliceABucketWithoutASize) {
  EXPECT_THAT(MibOf(MergeSlices(Slices({2, 1, 0.1}), {.bucket_mib = 0})),
              testing::ElementsAre(2, 1, 0.1));
}

TEST(MergeSlices, KeepsAllBytes) {
  for (const double mib : {0.0, 1.0, 3.0, 100.0}) {
    double sum = 0;
    for (const double part :
         MibOf(MergeSlices(Slices({3, 2, 0.5, 4, 0.25}), {.bucket_mib = mib}))) {
      sum += part;
    }
    EXPECT_EQ(sum, 9.75);
  }
}

// One second for each byte, of which a tenth latency, on six thread blocks.
CollectiveTime SecondEach(double bytes) {
  return {.seconds = bytes, .latency = 0.1, .ctas = 6, .algorithm = "test"};
}

TEST(BucketChain, StartsABucketWhenItIsReadyAndTheOneBeforeIsThrough) {
  // Backward takes 10 s. Ready at 2, 3 and 9; 4, 1 and 3 s long: 2-6, 6-7, 9-12.
  const std::vector<GradientSlice> buckets = {{4, 0.2}, {1, 0.3}, {3, 0.9}};
  const BucketChain chain = ChainBuckets(buckets, 10, SecondEach);
  EXPECT_NEAR(chain.end, 12, 1e-12);
  EXPECT_NEAR(chain.exposed, 2, 1e-12);
  EXPECT_NEAR(chain.overlapped, 6, 1e-12);
  EXPECT_NEAR(chain.latency, 0.3, 1e-12);
  EXPECT_EQ(chain.ctas, 6);
}

TEST(BucketChain, ExposesNothingThatEndsWithBackward) {
  const std::vector<GradientSlice> buckets = {{4, 0.2}, {1, 0.8}};
  const BucketChain chain = ChainBuckets(buckets, 10, SecondEach);
  EXPECT_EQ(chain.exposed, 0);
  EXPECT_NEAR(chain.overlapped, 5, 1e-12);
}

TEST(BucketChain, ExposesAllOfASingleBucketAtTheEnd) {
  const std::vector<GradientSlice> buckets = {{4, 1}};
  EXPECT_NEAR(ChainBuckets(buckets, 10, SecondEach).exposed, 4, 1e-12);
  EXPECT_EQ(ChainBuckets(buckets, 10, SecondEach).overlapped, 0);
}

// Exact: 0.5642, 0.8463, 1.0294, 1.4236, 2.2491 (order statistics of the normal distribution).
TEST(ExpectedMaximum, IsBlomsApproximation) {
  EXPECT_EQ(ExpectedMaximum(1), 0);
  EXPECT_NEAR(ExpectedMaximum(2), 0.5642, 0.05 * 0.5642);
  EXPECT_NEAR(ExpectedMaximum(3), 0.8463, 0.03 * 0.8463);
  EXPECT_NEAR(ExpectedMaximum(4), 1.0294, 0.03 * 1.0294);
  EXPECT_NEAR(ExpectedMaximum(8), 1.4236, 0.01 * 1.4236);
  EXPECT_NEAR(ExpectedMaximum(50), 2.2491, 0.01 * 2.2491);
  EXPECT_GT(ExpectedMaximum(1024), 3);
  EXPECT_LT(ExpectedMaximum(1024), 3.5);
}

}  // namespace
}  // namespace seve
