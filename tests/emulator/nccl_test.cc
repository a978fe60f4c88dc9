// What NCCL's operations compute, on threads and on processes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "emulator/nccl_testing.h"

namespace seve::testing {
namespace {

using emulator::TestMemory;
using Floats = std::vector<float>;

constexpr size_t kCounts[] = {0, 1, 7, 1000, 100003};

void Fill(const TestMemory<float>& memory, const Floats& values, size_t at = 0) {
  std::copy(values.begin(), values.end(), memory.data() + at);
}

// ((0 + 1) + 2) + 3
Floats SumInOrder(int ranks, size_t count) {
  Floats sums = NcclRank::ValuesOf(0, count);
  for (int rank = 1; rank < ranks; ++rank) {
    const Floats values = NcclRank::ValuesOf(rank, count);
    for (size_t i = 0; i < count; ++i) sums[i] += values[i];
  }
  return sums;
}

void AllReduceSumsInTheOrderOfRanks(NcclRank& self) {
  for (const size_t count : kCounts) {
    const TestMemory<float> from(count + 1, 5.0F), to(count + 1, 5.0F);
    Fill(from, self.Values(count));
    EXPECT_EQ(ncclAllReduce(from.data(), to.data(), count, ncclFloat32, ncclSum, self.comm,
                            self.stream.get()),
              ncclSuccess);
    EXPECT_EQ(to.Values(), Floats(count + 1, 5.0F));
    self.Synchronize();
    Floats expected = SumInOrder(self.ranks, count);
    expected.push_back(5.0F);
    EXPECT_EQ(to.Values(), expected);
    EXPECT_EQ(ncclAllReduce(from.data(), from.data(), count, ncclFloat32, ncclSum, self.comm,
                            self.stream.get()),
              ncclSuccess);
    self.Synchronize();
    EXPECT_EQ(from.Values(), expected);
  }
}

void BroadcastReachesEveryRank(NcclRank& self) {
  for (const size_t count : kCounts) {
    for (int root = 0; root < self.ranks; ++root) {
      const TestMemory<float> from(count + 1, 5.0F), to(count + 1, 5.0F);
      const bool is_root = self.rank == root;
      if (is_root) Fill(from, self.Values(count));
      const bool in_place = root % 2 == 0;
      float* target = in_place ? from.data() : to.data();
      EXPECT_EQ(ncclBroadcast(is_root || in_place ? from.data() : nullptr, target, count,
                              ncclFloat32, root, self.comm, self.stream.get()),
                ncclSuccess);
      self.Synchronize();
      EXPECT_EQ(Floats(target, target + count), NcclRank::ValuesOf(root, count));
      EXPECT_EQ(target[count], 5.0F);
    }
  }
}

void ReduceScatterAndAllGatherMakeAnAllReduce(NcclRank& self) {
  for (const size_t count : kCounts) {
    const size_t whole = count * self.ranks;
    const TestMemory<float> from(whole + 1, 5.0F), slice(count + 1, 5.0F), all(whole + 1, 5.0F);
    Fill(from, self.Values(whole));
    const auto reduce = [&](float* to) {
      EXPECT_EQ(ncclReduceScatter(from.data(), to, count, ncclFloat32, ncclSum, self.comm,
                                  self.stream.get()),
                ncclSuccess);
    };
    const auto gather = [&](const float* own, float* to) {
      EXPECT_EQ(ncclAllGather(own, to, count, ncclFloat32, self.comm, self.stream.get()),
                ncclSuccess);
    };
    reduce(slice.data());
    gather(slice.data(), all.data());
    reduce(from.data() + self.rank * count);
    gather(from.data() + self.rank * count, from.data());
    self.Synchronize();
    Floats expected = SumInOrder(self.ranks, whole);
    expected.push_back(5.0F);
    EXPECT_EQ(all.Values(), expected);
    EXPECT_EQ(from.Values(), expected);
  }
}

// Everybody sends two messages to everybody, itself included, in orders that would not fit if each
// call waited.
void SendsOfAGroupMayCross(NcclRank& self) {
  for (const size_t count : kCounts) {
    const size_t ranks = self.ranks;
    const TestMemory<float> from(count + 1, 0.0F), small(1, -1.0F - self.rank);
    const TestMemory<float> to(ranks * count + 1, 5.0F), small_to(ranks, 5.0F);
    Fill(from, self.Values(count));
    EXPECT_EQ(ncclGroupStart(), ncclSuccess);
    for (int i = 0; i < self.ranks; ++i) {
      const int peer = (self.rank + i) % self.ranks;
      EXPECT_EQ(ncclSend(from.data(), count, ncclFloat32, peer, self.comm, self.stream.get()),
                ncclSuccess);
      EXPECT_EQ(ncclSend(small.data(), 1, ncclFloat32, peer, self.comm, self.stream.get()),
                ncclSuccess);
    }
    for (int peer = self.ranks - 1; peer >= 0; --peer) {
      EXPECT_EQ(ncclRecv(to.data() + peer * count, count, ncclFloat32, peer, self.comm,
                         self.stream.get()),
                ncclSuccess);
      EXPECT_EQ(
          ncclRecv(small_to.data() + peer, 1, ncclFloat32, peer, self.comm, self.stream.get()),
          ncclSuccess);
    }
    EXPECT_EQ(ncclGroupEnd(), ncclSuccess);
    self.Synchronize();
    for (size_t peer = 0; peer < ranks; ++peer) {
      const float* received = to.data() + peer * count;
      EXPECT_EQ(Floats(received, received + count),
                NcclRank::ValuesOf(static_cast<int>(peer), count));
      EXPECT_EQ(small_to.data()[peer], -1.0F - static_cast<float>(peer));
    }
    EXPECT_EQ(to.data()[ranks * count], 5.0F);
  }
}

void GroupsHoldCollectivesAndSends(NcclRank& self) {
  const TestMemory<float> sum(3, 1.0F), other(5, 2.0F), from(1, 10.0F + self.rank), to(1, 0.0F);
  const int next = (self.rank + 1) % self.ranks;
  const int previous = (self.rank + self.ranks - 1) % self.ranks;
  const auto add = [&](const TestMemory<float>& memory) {
    EXPECT_EQ(ncclAllReduce(memory.data(), memory.data(), memory.size(), ncclFloat32, ncclSum,
                            self.comm, self.stream.get()),
              ncclSuccess);
  };
  EXPECT_EQ(ncclGroupStart(), ncclSuccess);
  EXPECT_EQ(ncclSend(from.data(), 1, ncclFloat32, next, self.comm, self.stream.get()), ncclSuccess);
  EXPECT_EQ(ncclGroupStart(), ncclSuccess);
  add(sum);
  EXPECT_EQ(ncclGroupEnd(), ncclSuccess);
  add(other);
  EXPECT_EQ(ncclRecv(to.data(), 1, ncclFloat32, previous, self.comm, self.stream.get()),
            ncclSuccess);
  EXPECT_EQ(ncclGroupEnd(), ncclSuccess);
  self.Synchronize();
  const auto ranks = static_cast<float>(self.ranks);
  EXPECT_EQ(sum.Values(), Floats(3, ranks));
  EXPECT_EQ(other.Values(), Floats(5, 2 * ranks));
  EXPECT_EQ(to.data()[0], 10.0F + static_cast<float>(previous));
}

void CapturedSumsRunAtEveryLaunch(NcclRank& self) {
  const TestMemory<float> values(33, 1.0F);
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t launchable = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(self.stream.get(), cudaStreamCaptureModeThreadLocal),
            cudaSuccess);
  EXPECT_EQ(ncclAllReduce(values.data(), values.data(), values.size(), ncclFloat32, ncclSum,
                          self.comm, self.stream.get()),
            ncclSuccess);
  ASSERT_EQ(cudaStreamEndCapture(self.stream.get(), &graph), cudaSuccess);
  ASSERT_EQ(cudaGraphInstantiate(&launchable, graph, 0), cudaSuccess);
  for (int launch = 0; launch < 3; ++launch) {
    EXPECT_EQ(cudaGraphLaunch(launchable, self.stream.get()), cudaSuccess);
  }
  self.Synchronize();
  const auto ranks = static_cast<float>(self.ranks);
  EXPECT_EQ(values.Values(), Floats(33, ranks * ranks * ranks));
  cudaGraphExecDestroy(launchable);
  cudaGraphDestroy(graph);
}

void CommunicatorsKnowTheirPlace(NcclRank& self) {
  int count = 0, rank = -1, device = -1, current = -2;
  EXPECT_EQ(ncclCommCount(self.comm, &count), ncclSuccess);
  EXPECT_EQ(ncclCommUserRank(self.comm, &rank), ncclSuccess);
  EXPECT_EQ(ncclCommCuDevice(self.comm, &device), ncclSuccess);
  EXPECT_EQ(cudaGetDevice(&current), cudaSuccess);
  EXPECT_EQ(count, self.ranks);
  EXPECT_EQ(rank, self.rank);
  EXPECT_EQ(device, current);
}

void Everything(NcclRank& self) {
  AllReduceSumsInTheOrderOfRanks(self);
  BroadcastReachesEveryRank(self);
  ReduceScatterAndAllGatherMakeAnAllReduce(self);
  SendsOfAGroupMayCross(self);
  GroupsHoldCollectivesAndSends(self);
  CapturedSumsRunAtEveryLaunch(self);
  CommunicatorsKnowTheirPlace(self);
}

class NcclTest : public ::testing::TestWithParam<int> {};

TEST_P(NcclTest, OperationsAreRightOnThreads) { OnThreads(GetParam(), Everything); }

TEST_P(NcclTest, OperationsAreRightOnProcesses) { OnProcesses(GetParam(), Everything); }

INSTANTIATE_TEST_SUITE_P(Ranks, NcclTest, ::testing::Values(1, 2, 3, 4),
                         ::testing::PrintToStringParamName());

// A balanced tree would give (1e8 + 1) + (-1e8 + 1) = 0.
TEST(NcclSumTest, SumsAreNotThoseOfATree) {
  OnThreads(4, [](NcclRank& self) {
    constexpr float kValues[] = {1e8F, 1.0F, -1e8F, 1.0F};
    const TestMemory<float> value(9, kValues[self.rank]);
    EXPECT_EQ(ncclAllReduce(value.data(), value.data(), value.size(), ncclFloat32, ncclSum,
                            self.comm, self.stream.get()),
              ncclSuccess);
    self.Synchronize();
    EXPECT_EQ(value.Values(), Floats(9, 1.0F));
  });
}

template <typename T>
void SumsThreeOnes(NcclRank& self, ncclDataType_t type, T one, T three) {
  const TestMemory<T> values(5, one);
  EXPECT_EQ(ncclAllReduce(values.data(), values.data(), values.size(), type, ncclSum, self.comm,
                          self.stream.get()),
            ncclSuccess);
  self.Synchronize();
  for (const T& value : values.Values()) EXPECT_TRUE(std::memcmp(&value, &three, sizeof(T)) == 0);
}

TEST(NcclSumTest, AllTypesAreSummed) {
  OnThreads(3, [](NcclRank& self) {
    SumsThreeOnes(self, ncclFloat64, 1 + 0x1p-40, 3 + 0x3p-40);
    SumsThreeOnes(self, ncclBfloat16, __float2bfloat16_rn(1.0F), __float2bfloat16_rn(3.0F));
    SumsThreeOnes(self, ncclFloat16, __float2half_rn(1.0F), __float2half_rn(3.0F));
    SumsThreeOnes<int32_t>(self, ncclInt32, -1, -3);
    SumsThreeOnes<int64_t>(self, ncclInt64, int64_t{1} << 40, int64_t{3} << 40);
    SumsThreeOnes<uint8_t>(self, ncclUint8, 1, 3);
  });
}

}  // namespace
}  // namespace seve::testing
