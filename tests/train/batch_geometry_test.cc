#include "train/batch_geometry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/expect_error.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::HasSubstr;

Configuration With(const std::string& batch) {
  const auto text = "data { digits {} }\nbatch { " + batch +
                    " }\nmodel { layer { linear { units: 3 } } }\nloss { hinge {} }\n"
                    "optimizer { sgd {} }\nepochs: 1\n";
  return ParseConfiguration(text, "batch.textproto", {});
}

// Every position of `epochs` epochs exactly once, in slices of one step that differ by at most one.
void ExpectExactCover(const std::string& batch, int world, int64_t samples) {
  const auto configuration = With(batch);
  std::vector<BatchGeometry> ranks;
  for (int rank = 0; rank < world; ++rank) ranks.emplace_back(configuration, world, rank, samples);
  const int64_t steps = ranks[0].steps_per_epoch();
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    std::set<int64_t> seen;
    for (int64_t step = epoch * steps; step < (epoch + 1) * steps; ++step) {
      int64_t low = samples, high = 0, at = (step - epoch * steps) * ranks[0].batch();
      for (const auto& rank : ranks) {
        for (int64_t i = 0; i < rank.local_micro_batches(); ++i) {
          const Slice slice = rank.Request(step * rank.local_micro_batches() + i);
          EXPECT_EQ(slice.epoch, epoch);
          EXPECT_EQ(slice.position, at) << "micro-batches are contiguous, rank after rank";
          at += slice.count;
          low = std::min(low, slice.count);
          high = std::max(high, slice.count);
          for (int64_t k = 0; k < slice.count; ++k) seen.insert(slice.position + k);
          EXPECT_THAT(rank.RowCounts(), testing::Contains(slice.count));
        }
      }
      EXPECT_LE(high - low, 1);
    }
    EXPECT_EQ(static_cast<int64_t>(seen.size()), samples);
    EXPECT_EQ(*seen.rbegin(), samples - 1);
  }
}

TEST(BatchGeometry, CoversEverySampleExactlyOnceAnEpoch) {
  for (const int world : {1, 2, 3, 4}) {
    ExpectExactCover("size: 12", world, 60);  // no rest
    ExpectExactCover("size: 12", world, 61);  // a rest of one: empty slices
    ExpectExactCover("size: 12", world, 67);  // uneven slices
    ExpectExactCover("size: 12", world, 7);   // less than one batch
    ExpectExactCover("size: 24 micro_batches: 12", world, 100);
    ExpectExactCover("size_per_rank: 5", world, 43);
  }
}

TEST(BatchGeometry, SizePerRankGrowsWithTheWorld) {
  const auto configuration = With("size_per_rank: 16");
  EXPECT_EQ(BatchGeometry(configuration, 1, 0, 1000).batch(), 16);
  EXPECT_EQ(BatchGeometry(configuration, 4, 0, 1000).batch(), 64);
}

TEST(BatchGeometry, SaysWhichWorldsCanShareTheMicroBatches) {
  const auto message = MessageOf(
      ExitCode::kUsage, [] { BatchGeometry(With("size: 24 micro_batches: 6"), 4, 0, 1000); });
  EXPECT_THAT(message, HasSubstr("batch.textproto:2:"));
  EXPECT_THAT(message, HasSubstr("world sizes that work: 1, 2, 3, 6"));
}

TEST(BatchGeometry, SaysWhichWorldsCanShareTheBatch) {
  const auto message =
      MessageOf(ExitCode::kUsage, [] { BatchGeometry(With("size: 10"), 3, 0, 1000); });
  EXPECT_THAT(message, HasSubstr("world sizes that work: 1, 2, 5, 10"));
}

TEST(BatchGeometry, RefusesFewerSamplesThanMicroBatches) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [] { BatchGeometry(With("size: 8"), 4, 0, 3); }),
              HasSubstr("3 samples"));
}

}  // namespace
}  // namespace seve
