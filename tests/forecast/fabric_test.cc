#include "forecast/fabric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/expect_error.h"
#include "forecast/published_machines.h"

namespace seve {
namespace {

using testing::HasSubstr;

std::string RefusalOf(const Fabric& fabric) {
  return MessageOf(ExitCode::kUsage, [&] { ValidateFabric(fabric); });
}

TEST(Fabric, TakesConstantsByComputeCapability) {
  EXPECT_EQ(GenerationOf(70), GpuGeneration::kVolta);
  EXPECT_EQ(GenerationOf(80), GpuGeneration::kAmpere);
  EXPECT_EQ(GenerationOf(89), GpuGeneration::kAmpere);
  EXPECT_EQ(GenerationOf(90), GpuGeneration::kHopper);
  EXPECT_EQ(GenerationOf(100), GpuGeneration::kHopper);
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [] { (void)GenerationOf(60); }), HasSubstr("60"));
}

TEST(Fabric, FillsNodesOneAfterTheOther) {
  const Fabric fabric{.ranks_per_node = 4};
  EXPECT_EQ(NodesOf(fabric, 1), 1);
  EXPECT_EQ(NodesOf(fabric, 4), 1);
  EXPECT_EQ(NodesOf(fabric, 5), 2);
  EXPECT_EQ(NodesOf(fabric, 64), 16);
}

TEST(Fabric, KnowsWhatArrivesOverANetwork) {
  Fabric fabric{.network_gbs = 25};
  EXPECT_NEAR(UsableNetwork(fabric, 2), 24, 1e-9);
  fabric.pcie_switches = false;
  EXPECT_NEAR(UsableNetwork(fabric, 2), 15.5, 1e-9);
  fabric.network_gbs = 12.5;  // less than a port of a CPU carries
  EXPECT_NEAR(UsableNetwork(fabric, 2), 12, 1e-9);
  fabric.network_gbs = 25;
  fabric.summed_by = SummedBy::kMpiHosts;
  EXPECT_NEAR(UsableNetwork(fabric, 2), 23.5, 1e-9);
}

TEST(Fabric, HasCardsOfItsTime) {
  EXPECT_EQ(NetworkCardsOf(DgxH100()), 8);
  EXPECT_EQ(NetworkCardsOf(DgxA100()), 8);
  EXPECT_EQ(NetworkCardsOf(Xe8545()), 2);
  EXPECT_EQ(NetworkCardsOf({.network_gbs = 12.5}), 1);
}

TEST(Fabric, IsOversubscribedBeyondAGroupOfNodes) {
  const Fabric fabric{.network_gbs = 25, .oversubscription = 4, .nodes_per_group = 10};
  EXPECT_NEAR(UsableNetwork(fabric, 10), 24, 1e-9);
  EXPECT_NEAR(UsableNetwork(fabric, 11), 6, 1e-9);
}

TEST(Fabric, SharesNvLinkAmongPairsWhereNoSwitchIs) {
  const Fabric four{.ranks_per_node = 4, .nvlink_gbs = 300};
  EXPECT_FALSE(HasNvSwitch(four));
  EXPECT_NEAR(UsableIntraNode(four, 4), 240, 1e-9);
  EXPECT_NEAR(UsableIntraNode(four, 2), 80, 1e-9);
  EXPECT_NEAR(UsableIntraNode(four, 16), 240, 1e-9);
  EXPECT_TRUE(HasNvSwitch(DgxA100()));
  EXPECT_NEAR(UsableIntraNode(DgxA100(), 2), 240, 1e-9);
}

TEST(Fabric, IsRefusedWithWhatCannotBe) {
  EXPECT_THAT(RefusalOf({.network_gbs = 0}), HasSubstr("the network's rate of a node (GB/s) is 0"));
  EXPECT_THAT(RefusalOf({.nvlink_gbs = -1}), HasSubstr("NVLink's rate"));
  EXPECT_THAT(RefusalOf({.ranks_per_node = 0}), HasSubstr("a node has 0 ranks"));
  EXPECT_THAT(RefusalOf({.oversubscription = 0.5}), HasSubstr("oversubscription is 0.5"));
  EXPECT_THAT(RefusalOf({.extra_latency = -1}), HasSubstr("latency"));
  EXPECT_THAT(RefusalOf({.memory_gbs = std::numeric_limits<double>::quiet_NaN()}),
              HasSubstr("the memory's rate"));
  EXPECT_THAT(RefusalOf({.nodes_per_group = 0}), HasSubstr("a group has 0 nodes"));
}

}  // namespace
}  // namespace seve
