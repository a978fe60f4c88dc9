#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "test_kernels.h"
#include "test_memory.h"

namespace seve::emulator {
namespace {

TEST(Kernels, RunEveryThreadOfEveryBlock) {
  TestStream stream;
  TestMemory<int> in(1000, 4), out(1000, 0);
  ASSERT_EQ(LaunchIncrement(in.data(), out.data(), 1000, stream.get()), cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(out.Values(), std::vector<int>(1000, 5));
}

TEST(Kernels, SumOverABlockThroughWarpsAndSharedMemory) {
  TestStream stream;
  TestMemory<float> values(3 * kBlock, 0), sums(3, 0);
  TestMemory<int> agree(3, 0);
  std::iota(values.data(), values.data() + values.size(), 0.0f);
  ASSERT_EQ(LaunchBlockSums(values.data(), sums.data(), agree.data(), 3, stream.get()),
            cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  for (int block = 0; block < 3; ++block) {
    EXPECT_EQ(sums.Values()[block], kBlock * (kBlock * block + (kBlock - 1) / 2.0f));
    EXPECT_EQ(agree.Values()[block], kBlock);
  }
}

TEST(Kernels, ShuffleAndVoteAsTheirWarp) {
  TestStream stream;
  TestMemory<uint32_t> words(32 * kWarpWords, 99);
  ASSERT_EQ(LaunchWarpWords(words.data(), 32, stream.get()), cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  for (uint32_t lane = 0; lane < 32; ++lane) {
    const uint32_t* mine = words.data() + lane * kWarpWords;
    EXPECT_EQ(mine[0], lane ^ 5);
    EXPECT_EQ(mine[1], lane + 3 < 32 ? lane + 3 : lane);
    EXPECT_EQ(mine[2], 7);
    EXPECT_EQ(mine[3], lane % 8 < 5 ? lane + 3 : lane);
    EXPECT_EQ(mine[4], lane < 16 ? lane : lane - 16) << lane;
    EXPECT_EQ(mine[5], 9);
    EXPECT_EQ(mine[6], 0x49249249u);
    EXPECT_EQ(mine[7], 1);
    EXPECT_EQ(mine[8], 0);
    EXPECT_EQ(mine[9], 4);
  }
}

TEST(Kernels, MeetOnlyTheLanesThatThereAre) {
  TestStream stream;
  TestMemory<uint32_t> words(8 * kWarpWords, 99);
  ASSERT_EQ(LaunchWarpWords(words.data(), 8, stream.get()), cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(words.Values()[6], 0b01001001u);
  EXPECT_EQ(words.Values()[8], 1);
  EXPECT_EQ(words.Values()[7 * kWarpWords + 1], 0xCDCDCDCDu);  // of a lane that there is not
}

TEST(Kernels, KnowTheirPlaceInThreeDimensions) {
  TestStream stream;
  TestMemory<int> blocks(2 * 3 * 2 * 4 * 2 * 3, -1), threads(blocks.size(), -1);
  ASSERT_EQ(LaunchPlaces(blocks.data(), threads.data(), dim3(2, 3, 2), dim3(4, 2, 3), stream.get()),
            cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  for (int i = 0; i < static_cast<int>(blocks.size()); ++i) {
    const int block = i / 24, thread = i % 24;
    EXPECT_EQ(blocks.Values()[i], block % 2 + 10 * (block / 2 % 3) + 100 * (block / 6));
    EXPECT_EQ(threads.Values()[i], thread % 4 + 10 * (thread / 4 % 2) + 100 * (thread / 8));
  }
}

TEST(Kernels, CountWithAtomics) {
  TestStream stream;
  TestMemory<Counts> counts(1, Counts{});
  ASSERT_EQ(LaunchCounts(counts.data(), stream.get()), cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(counts.data()->sum, 300);
  EXPECT_EQ(counts.data()->most, 299);
  EXPECT_EQ(counts.data()->bits, ~0ull);
  EXPECT_EQ(counts.data()->total, 150);
  EXPECT_EQ(counts.data()->claimed, 7);
  EXPECT_EQ(counts.data()->last, 0);
}

TEST(Kernels, WaitAtBarriersOnlyForThreadsThatLive) {
  TestStream stream;
  TestMemory<int> seen(kBlock, 0);
  ASSERT_EQ(LaunchEarlyEnds(seen.data(), 70, stream.get()), cudaSuccess);
  ASSERT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  for (int i = 0; i < kBlock; ++i) EXPECT_EQ(seen.Values()[i], i < 70 ? 70 : 0);
}

TEST(KernelsDeathTest, AbortWhereThreadsWaitForEver) {
  EXPECT_DEATH(
      {
        TestStream stream;
        LaunchStuck(stream.get());
        cudaStreamSynchronize(stream.get());
      },
      "threads of block .0, 0, 0. wait for ever: 33 at __syncthreads, 31 at an intrinsic");
}

TEST(Kernels, RefuseLaunchesThatNoDeviceTakes) {
  TestStream stream;
  EXPECT_EQ(LaunchNothing(1, 1025, stream.get()), cudaErrorInvalidConfiguration);
  EXPECT_EQ(LaunchNothing(0, 32, stream.get()), cudaErrorInvalidConfiguration);
  ASSERT_EQ(cudaSetDevice(1), cudaSuccess);
  EXPECT_EQ(LaunchNothing(1, 32, stream.get()), cudaErrorInvalidResourceHandle);
  ASSERT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

}  // namespace
}  // namespace seve::emulator
