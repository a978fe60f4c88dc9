#include "forecast/all_reduce_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "forecast/published_machines.h"

namespace seve {
namespace {

using testing::HasSubstr;

double BusAt(const Fabric& fabric, int ranks, double bytes) {
  return BusBandwidth(ranks, bytes, AllReduceTime(fabric, ranks, bytes).seconds);
}

constexpr double kLarge = 4e9;  // bytes

// Within a tenth of what nccl-tests show; docs/forecast.md names who published it.
TEST(AllReduceTime, MeetsPublishedBusBandwidthsWithinATenth) {
  const auto meets = [](const Fabric& fabric, int ranks, double published) {
    EXPECT_NEAR(BusAt(fabric, ranks, kLarge), published, 0.1 * published) << ranks << " ranks";
  };
  meets(DgxH100(), 8, 480);
  meets(DgxH100(), 7, 460);
  meets(DgxH100(), 6, 440);
  meets(DgxH100(), 5, 420);
  meets(DgxH100(), 4, 367);
  meets(DgxH100(), 2, 367);
  meets(DgxH100(), 16, 450);
  meets(DgxH100(), 1984, 350);
  meets(DgxA100(), 8, 232.5);
  meets(DgxA100(), 16, 192);
  Fabric four_cards = DgxA100();  // nodes of 8 A100 with 4 cards of HDR
  four_cards.network_gbs = 100;
  meets(four_cards, 16, 91);
  meets(four_cards, 24, 96);
  const Fabric a800{.ranks_per_node = 8, .nvlink_gbs = 200, .network_gbs = 100};
  meets(a800, 8, 160);
}

// 365 to 370 GB/s: what H100 do without NVLS.
TEST(AllReduceTime, MeetsTheRingOfEightH100) {
  const CollectiveTime half = AllGatherTime(DgxH100(), 8, kLarge);
  const double bus = kLarge / half.seconds * 7 / 8 * 1e-9;
  EXPECT_EQ(half.algorithm, "ring Simple");
  EXPECT_GE(bus, 365);
  EXPECT_LE(bus, 371);
}

// 8.4 us and 14 steps of 3.4 us, then 2 * 7/8 of the bytes at 240 GB/s.
TEST(AllReduceTime, OfARingWithinANodeIsNcclsFormula) {
  const CollectiveTime time = AllReduceTime(DgxA100(), 8, 1e9);
  EXPECT_EQ(time.algorithm, "ring Simple");
  EXPECT_NEAR(time.latency, 56e-6, 1e-9);
  EXPECT_NEAR(time.seconds, 56e-6 + 1.75 / 240, 1e-9);
  EXPECT_EQ(time.ctas, 24);
}

// 16 ranks on 4 nodes: 24 steps of 3 * 2 us to post a message, 6 of 14 us, and the plateau of 1.4.
TEST(AllReduceTime, OfARingBetweenNodesIsNcclsFormula) {
  const CollectiveTime time = AllReduceTime(Xe8545(), 16, 1e9);
  EXPECT_EQ(time.algorithm, "ring Simple");
  EXPECT_NEAR(time.latency, 1.4 * (8.4 + 24 * 6 + 6 * 14) * 1e-6, 1e-9);
  EXPECT_NEAR(time.seconds, time.latency + 1.875 / 31, 1e-6);
  EXPECT_EQ(time.ctas, 4);
}

// Two nodes: 47.2 GB/s, two channels' most, 0.8 of it at this size, and half of that on a tree; 6
// steps of 4 us and 2 of 14 us.
TEST(AllReduceTime, OfATreeOnTwoNodesIsNcclsFormula) {
  const CollectiveTime time = AllReduceTime(Xe8545(), 8, 102e6);
  EXPECT_EQ(time.algorithm, "tree Simple");
  EXPECT_NEAR(time.latency, (8.4 + 6 * 4 + 2 * 14) * 1e-6, 1e-9);
  EXPECT_NEAR(time.seconds, time.latency + 0.102 / (47.2 * 0.8 * 0.5), 1e-6);
}

// 16 nodes: 0.92 of the network's 31 GB/s, 0.7 of it at this size, and half; 4 levels.
TEST(AllReduceTime, OfATreeOnManyNodesIsNcclsFormula) {
  const CollectiveTime time = AllReduceTime(Xe8545(), 64, 25e6);
  EXPECT_EQ(time.algorithm, "tree Simple");
  EXPECT_NEAR(time.latency, (8.4 + 6 * 4 + 8 * 14) * 1e-6, 1e-9);
  EXPECT_NEAR(time.seconds, time.latency + 0.025 / (31 * 0.92 * 0.7 * 0.5), 1e-6);
}

TEST(AllReduceTime, OfFewBytesIsLatencyAndTakesTreesOnManyNodes) {
  EXPECT_EQ(AllReduceTime(DgxH100(), 8, 4).algorithm, "ring LL");
  EXPECT_LT(AllReduceTime(DgxH100(), 8, 4).seconds, 20e-6);
  EXPECT_EQ(AllReduceTime(DgxH100(), 512, 4).algorithm, "tree LL");
  EXPECT_LT(AllReduceTime(DgxH100(), 512, 4).seconds, 100e-6);
}

TEST(AllReduceTime, UsesLl128BetweenNodesOnlyBehindPcieSwitches) {
  EXPECT_EQ(AllReduceTime(DgxA100(), 16, 51e6).algorithm, "ring LL128");
  EXPECT_THAT(AllReduceTime(Xe8545(), 16, 51e6).algorithm, "ring Simple");
}

TEST(AllReduceTime, GrowsWithBytesAndIsTheSumOfItsHalvesOnARing) {
  double before = 0;
  for (double bytes = 1; bytes < 1e10; bytes *= 2) {
    const double seconds = AllReduceTime(Xe8545(), 64, bytes).seconds;
    EXPECT_GE(seconds, before * 0.75) << bytes;  // a step of NCCL's correction of trees
    before = seconds;
  }
  const double halves = ReduceScatterTime(DgxA100(), 8, 1e9).seconds * 2;
  EXPECT_NEAR(AllReduceTime(DgxA100(), 8, 1e9).seconds, halves, 1e-5);
}

TEST(AllReduceTime, AddsLatencyOfTheNetwork) {
  Fabric far = DgxA100();
  far.extra_latency = 5e-6;
  EXPECT_GT(AllReduceTime(far, 16, 4).seconds, AllReduceTime(DgxA100(), 16, 4).seconds + 9e-6);
  EXPECT_EQ(AllReduceTime(far, 8, 4).seconds, AllReduceTime(DgxA100(), 8, 4).seconds);
}

TEST(AllReduceTime, OfHostsIsMemoryAndTwoExchanges) {
  const Fabric ethernet{.summed_by = SummedBy::kMpiHosts,
                        .ranks_per_node = 2,
                        .network_gbs = 1.25,
                        .memory_gbs = 40,
                        .exchange_latency = 50e-6};
  // 2 * 2 bytes for each at 40 GB/s, or 2 of each core at less than half of that.
  EXPECT_NEAR(AllReduceTime(ethernet, 2, 100e6).seconds, 0.01, 1e-9);
  Fabric slow_cores = ethernet;
  slow_cores.core_gbs = 10;
  EXPECT_NEAR(AllReduceTime(slow_cores, 2, 100e6).seconds, 0.02, 1e-9);
  // And between 4 hosts 1.5 bytes for each at 94 % of 1.25 GB/s.
  const CollectiveTime four = AllReduceTime(ethernet, 8, 100e6);
  EXPECT_NEAR(four.seconds, 0.01 + 0.15 / 1.175 + 100e-6, 1e-9);
  EXPECT_NEAR(four.latency, 100e-6, 1e-12);
  // Half of that in BF16: within a host nothing is narrower.
  EXPECT_NEAR(AllReduceTime(ethernet, 8, 100e6, WireType::kBf16).seconds,
              0.01 + 0.075 / 1.175 + 100e-6, 1e-9);
  EXPECT_EQ(four.ctas, 0);
  // Up to 4,096 floats: one exchange of whole buffers.
  EXPECT_NEAR(AllReduceTime(ethernet, 8, 1000).latency, 50e-6, 1e-12);
}

TEST(AllReduceTime, OfOneRankOrNoBytesIsNone) {
  EXPECT_EQ(AllReduceTime(DgxA100(), 1, 1e9).seconds, 0);
  EXPECT_EQ(AllReduceTime(DgxA100(), 8, 0).seconds, 0);
}

TEST(AllReduceTime, IsRefusedForWhatCannotBe) {
  const auto refusal = [](const Fabric& fabric, int ranks, double bytes) {
    return MessageOf(ExitCode::kUsage, [&] { (void)AllReduceTime(fabric, ranks, bytes); });
  };
  EXPECT_THAT(refusal(DgxA100(), 0, 1), HasSubstr("0 ranks"));
  EXPECT_THAT(refusal(DgxA100(), 8, -1), HasSubstr("-1 bytes"));
  EXPECT_THAT(refusal({.network_gbs = 0}, 8, 1), HasSubstr("network"));
}

}  // namespace
}  // namespace seve
