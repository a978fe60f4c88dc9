#include "comm/collective_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <random>

namespace seve::testing {
namespace {

// What rank `rank` contributes to element i in a step: small integers, exact under addition.
float Term(int rank, size_t i, int step) {
  return static_cast<float>((i * 7 + 13 * rank + 5 * step) % 101);
}

float ExpectedSum(int ranks, size_t i, int step) {
  float sum = 0;
  for (int rank = 0; rank < ranks; ++rank) sum += Term(rank, i, step);
  return sum;
}

void Fill(std::span<float> values, int rank, int step) {
  for (size_t i = 0; i < values.size(); ++i) values[i] = Term(rank, i, step);
}

size_t CountWrong(std::span<const float> values, int ranks, int step) {
  size_t wrong = 0;
  for (size_t i = 0; i < values.size(); ++i) wrong += values[i] != ExpectedSum(ranks, i, step);
  return wrong;
}

// Buckets in the order backward finishes them, with an empty one and cuts inside cache lines.
void SumInBuckets(Window& window) {
  const size_t n = window.local().size();
  const size_t cuts[] = {0, n / 7, n / 7, n / 2, n - n / 9, n};
  for (size_t k = 0; k + 1 < std::size(cuts); ++k) window.StartSum(cuts[k], cuts[k + 1]);
  window.FinishSums();
}

// Last bucket first: nothing to merge.
void SumInReverse(Window& window) {
  const size_t n = window.local().size();
  window.StartSum(n - n / 3, n);
  window.StartSum(n / 4, n - n / 3);
  window.StartSum(0, n / 4);
  window.FinishSums();
}

float RandomTerm(int rank, size_t i) {
  std::minstd_rand engine(static_cast<uint32_t>(rank * 1000003 + i * 97 + 1));
  engine.discard(3);
  return std::uniform_real_distribution<float>(-1, 1)(engine) * std::exp2f(rank % 3 * 5);
}

float TreeReference(std::span<const float> terms) {
  if (terms.size() == 1) return terms[0];
  const size_t half = std::bit_ceil(terms.size()) / 2;
  return TreeReference(terms.first(half)) + TreeReference(terms.subspan(half));
}

float HostTreeReference(std::span<const float> terms, size_t ranks_per_host) {
  std::vector<float> hosts;
  for (size_t first = 0; first < terms.size(); first += ranks_per_host) {
    const size_t ranks = std::min(ranks_per_host, terms.size() - first);
    hosts.push_back(TreeReference(terms.subspan(first, ranks)));
  }
  return TreeReference(hosts);
}

}  // namespace

void SumsAreExact(Communicator& comm, size_t floats) {
  const auto window = comm.AllocateWindow(floats);
  Fill(window->local(), comm.rank(), 0);
  SumInBuckets(*window);
  EXPECT_EQ(CountWrong(window->local(), comm.size(), 0), 0u) << floats << " floats";
  Fill(window->local(), comm.rank(), 1);
  SumInReverse(*window);
  EXPECT_EQ(CountWrong(window->local(), comm.size(), 1), 0u) << floats << " floats, reversed";
}

void ArenaMayBeRewrittenAfterFinishSums(Communicator& comm, size_t floats) {
  const auto window = comm.AllocateWindow(floats);
  size_t wrong = 0;
  for (int step = 0; step < 100; ++step) {
    Fill(window->local(), comm.rank(), step);
    SumInBuckets(*window);
    wrong += CountWrong(window->local(), comm.size(), step);
  }
  EXPECT_EQ(wrong, 0u);
}

void ProgressSumsWithoutWaiting(Communicator& comm, size_t floats) {
  constexpr int kPatience = 10000;  // turns; messages between hosts take some
  const auto window = comm.AllocateWindow(floats);
  Fill(window->local(), comm.rank(), 2);
  const size_t cut = floats / 3;
  window->StartSum(cut, floats);
  double unfinished = 1;
  for (int turn = 0; turn < kPatience && unfinished > 0; ++turn) {
    window->Progress();
    comm.Barrier();  // peers write here until it
    unfinished = 0;
    for (size_t i = cut; i < floats; ++i) {
      unfinished += window->local()[i] != ExpectedSum(comm.size(), i, 2);
    }
    comm.AllReduceSum({&unfinished, 1});
  }
  EXPECT_EQ(unfinished, 0) << "the range is not summed before FinishSums";
  window->StartSum(0, cut);
  window->FinishSums();
  EXPECT_EQ(CountWrong(window->local(), comm.size(), 2), 0u);
}

void SumsAreGatheredFromTheirOwners(Communicator& comm, size_t floats) {
  const auto window = comm.AllocateWindow(floats);
  const std::span<float> local = window->local();
  Fill(local, comm.rank(), 4);
  const Range ranges[] = {{0, floats / 3}, {floats / 3, floats}};
  for (const Range range : ranges) {
    window->StartSum(range.begin, range.end, Wire::kFloat32, Legs::kSum);
  }
  window->FinishSums();
  std::vector<double> owners(floats);
  size_t wrong = 0;
  for (const Range range : ranges) {
    for (const Range part : window->Owned(range)) {
      for (size_t i = part.begin; i < part.end; ++i) {
        ++owners[i];
        wrong += local[i] != ExpectedSum(comm.size(), i, 4);
        local[i] *= 2;  // what an optimizer makes of it
      }
    }
  }
  EXPECT_EQ(wrong, 0u) << floats << " floats";
  comm.AllReduceSum(owners);
  EXPECT_TRUE(std::ranges::all_of(owners, [](double count) { return count == 1; }));
  for (const Range range : ranges) {
    window->StartSum(range.begin, range.end, Wire::kFloat32, Legs::kGather);
  }
  window->FinishSums();
  wrong = 0;
  for (size_t i = 0; i < floats; ++i) wrong += local[i] != 2 * ExpectedSum(comm.size(), i, 4);
  EXPECT_EQ(wrong, 0u) << floats << " floats, gathered";
}

void NarrowWiresRoundBetweenHostsAlone(Communicator& comm, size_t floats, int ranks_per_host) {
  const bool rounds = ranks_per_host > 0 && ranks_per_host < comm.size();
  const auto window = comm.AllocateWindow(floats);
  const std::span<float> local = window->local();
  for (size_t i = 0; i < floats; ++i) local[i] = RandomTerm(comm.rank(), i);
  const size_t record = floats - 16;
  window->StartSum(0, record, Wire::kBfloat16, Legs::kBoth);
  window->StartSum(record, floats);
  window->FinishSums();
  size_t wrong = 0, rounded = 0;
  for (size_t i = 0; i < floats; ++i) {
    double sum = 0, magnitudes = 0;
    for (int rank = 0; rank < comm.size(); ++rank) {
      sum += RandomTerm(rank, i);
      magnitudes += std::abs(RandomTerm(rank, i));
    }
    const double error = std::abs(local[i] - sum);
    // FP32: a rounding an addition. bfloat16: half a unit in the last of 8 bits for what each host
    // brings and for the sum.
    const double exact = magnitudes * comm.size() * 0x1p-24;
    wrong += error > (rounds && i < record ? magnitudes * 0x1p-7 : exact);
    rounded += error > exact;
  }
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(rounded > 0, rounds);
  const auto mine = std::as_bytes(local);
  std::vector<std::byte> first(mine.begin(), mine.end());
  comm.Broadcast(first, 0);
  EXPECT_EQ(std::memcmp(first.data(), mine.data(), mine.size()), 0) << "ranks have other bits";
}

void SumsHaveTheBitsOfTheTree(Communicator& comm, size_t floats, int ranks_per_host) {
  const auto window = comm.AllocateWindow(floats);
  const std::span<float> local = window->local();
  for (size_t i = 0; i < floats; ++i) local[i] = RandomTerm(comm.rank(), i);
  SumInBuckets(*window);
  size_t wrong = 0;
  std::vector<float> terms(comm.size());
  for (size_t i = 0; i < floats; ++i) {
    for (int rank = 0; rank < comm.size(); ++rank) terms[rank] = RandomTerm(rank, i);
    const float sum =
        std::has_single_bit(static_cast<unsigned>(ranks_per_host)) || ranks_per_host == 0
            ? TreeReference(terms)
            : HostTreeReference(terms, ranks_per_host);
    wrong += std::bit_cast<uint32_t>(local[i]) != std::bit_cast<uint32_t>(sum);
  }
  EXPECT_EQ(wrong, 0u);
}

void TellsWhetherSumsAreTheTreeOfRanks(Communicator& comm, int ranks_per_host) {
  const auto ranks = static_cast<unsigned>(comm.size());
  const auto host = ranks_per_host == 0 ? ranks : static_cast<unsigned>(ranks_per_host);
  EXPECT_EQ(comm.SumsInRankTree(), std::has_single_bit(ranks) && std::has_single_bit(host));
}

void OnlyStartedRangesChange(Communicator& comm) {
  constexpr size_t kFloats = 5003, kBegin = 1001, kEnd = 4002;
  const auto window = comm.AllocateWindow(kFloats);
  const std::span<float> local = window->local();
  Fill(local, comm.rank(), 3);
  window->StartSum(kBegin, kEnd);
  window->FinishSums();
  size_t wrong = 0;
  for (size_t i = 0; i < kFloats; ++i) {
    const bool summed = i >= kBegin && i < kEnd;
    wrong += local[i] != (summed ? ExpectedSum(comm.size(), i, 3) : Term(comm.rank(), i, 3));
  }
  EXPECT_EQ(wrong, 0u);
}

void WindowsAreIndependentZeroAndAligned(Communicator& comm) {
  const auto first = comm.AllocateWindow(1001), second = comm.AllocateWindow(37);
  EXPECT_EQ(first->local().size(), 1001u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first->local().data()) % 256, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(second->local().data()) % 256, 0u);
  EXPECT_TRUE(std::ranges::all_of(first->local(), [](float x) { return x == 0; }));
  Fill(first->local(), comm.rank(), 0);
  Fill(second->local(), comm.rank(), 1);
  second->StartSum(0, 37);
  first->StartSum(0, 1001);
  first->FinishSums();
  second->FinishSums();
  EXPECT_EQ(CountWrong(first->local(), comm.size(), 0), 0u);
  EXPECT_EQ(CountWrong(second->local(), comm.size(), 1), 0u);
}

void DoublesAreAddedInRankOrder(Communicator& comm) {
  std::vector<double> values = {1.0 / (comm.rank() + 3), 1.0, 1e16 * (comm.rank() % 2 ? -1 : 1)};
  comm.AllReduceSum(values);
  std::vector<double> expected(3);
  for (int rank = 0; rank < comm.size(); ++rank) {
    expected[0] += 1.0 / (rank + 3);
    expected[1] += 1.0;
    expected[2] += 1e16 * (rank % 2 ? -1 : 1);
  }
  EXPECT_EQ(values, expected);
  comm.AllReduceSum({});
}

void BroadcastReachesEveryRank(Communicator& comm, size_t bytes) {
  for (const int root : {0, comm.size() - 1}) {
    std::vector<std::byte> data(bytes);
    if (comm.rank() == root) {
      for (size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::byte>(i * 31 + root);
    }
    comm.Broadcast(data, root);
    size_t wrong = 0;
    for (size_t i = 0; i < bytes; ++i) wrong += data[i] != static_cast<std::byte>(i * 31 + root);
    EXPECT_EQ(wrong, 0u) << bytes << " bytes from rank " << root;
  }
}

void GatherKeepsLengthsAndOrder(Communicator& comm) {
  const int root = comm.size() / 2;
  const auto length = [](int rank) { return rank == 1 ? size_t{0} : size_t{3} + 1000 * rank; };
  const std::vector<std::byte> mine(length(comm.rank()), static_cast<std::byte>(comm.rank() + 1));
  const auto gathered = comm.Gather(mine, root);
  if (comm.rank() != root) {
    EXPECT_TRUE(gathered.empty());
    return;
  }
  ASSERT_EQ(gathered.size(), static_cast<size_t>(comm.size()));
  for (int rank = 0; rank < comm.size(); ++rank) {
    EXPECT_EQ(gathered[rank],
              std::vector<std::byte>(length(rank), static_cast<std::byte>(rank + 1)));
  }
}

void CommunicatorKeepsItsPromises(Communicator& comm, int ranks_per_host) {
  for (const size_t floats : {0, 1, 16, 37, 1001, 2048, 300001}) SumsAreExact(comm, floats);
  ArenaMayBeRewrittenAfterFinishSums(comm, 10007);
  for (const size_t floats : {37, 300001}) ProgressSumsWithoutWaiting(comm, floats);
  for (const size_t floats : {1, 16, 5001, 1300001}) SumsAreGatheredFromTheirOwners(comm, floats);
  NarrowWiresRoundBetweenHostsAlone(comm, 300001, ranks_per_host);
  SumsHaveTheBitsOfTheTree(comm, 19001, ranks_per_host);
  TellsWhetherSumsAreTheTreeOfRanks(comm, ranks_per_host);
  OnlyStartedRangesChange(comm);
  WindowsAreIndependentZeroAndAligned(comm);
  DoublesAreAddedInRankOrder(comm);
  for (const size_t bytes : {0, 1, 37, 100003}) BroadcastReachesEveryRank(comm, bytes);
  GatherKeepsLengthsAndOrder(comm);
  comm.Barrier();
}

}  // namespace seve::testing
