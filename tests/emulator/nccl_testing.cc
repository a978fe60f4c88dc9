#include "emulator/nccl_testing.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

namespace seve::testing {
namespace {

void RunRank(const ncclUniqueId& id, int ranks, int rank, const RankBody& body) {
  try {
    NcclRank member(id, ranks, rank);
    body(member);
  } catch (const std::exception& error) {
    ADD_FAILURE() << "rank " << rank << ": " << error.what();
  }
}

}  // namespace

NcclRank::NcclRank(const ncclUniqueId& id, int ranks, int rank) : ranks(ranks), rank(rank) {
  if (ncclCommInitRank(&comm, ranks, id, rank) != ncclSuccess) {
    throw std::runtime_error(ncclGetLastError(nullptr));
  }
}

NcclRank::~NcclRank() { EXPECT_EQ(ncclCommDestroy(comm), ncclSuccess); }

std::vector<float> NcclRank::ValuesOf(int rank, size_t count) {
  std::mt19937 random(static_cast<unsigned>(rank));
  std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
  std::vector<float> values(count);
  for (float& value : values) value = uniform(random);
  return values;
}

void NcclRank::Synchronize() const { EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess); }

ncclUniqueId MakeId() {
  ncclUniqueId id;
  EXPECT_EQ(ncclGetUniqueId(&id), ncclSuccess);
  return id;
}

void OnThreads(int ranks, const RankBody& body) {
  const ncclUniqueId id = MakeId();
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < ranks; ++rank) {
    threads.emplace_back([&, rank] {
      EXPECT_EQ(cudaSetDevice(rank), cudaSuccess);
      RunRank(id, ranks, rank, body);
    });
  }
}

void OnProcesses(int ranks, const RankBody& body) {
  const ncclUniqueId id = MakeId();
  Fork(ranks, [&](int rank) {
    setenv("NCCL_HOSTID", ("r" + std::to_string(rank)).c_str(), 1);
    RunRank(id, ranks, rank, body);
  });
}

void Fork(int children, const std::function<void(int child)>& body) {
  std::vector<pid_t> processes;
  for (int child = 0; child < children; ++child) {
    const pid_t process = fork();
    ASSERT_GE(process, 0);
    if (process == 0) {
      body(child);
      _exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    processes.push_back(process);
  }
  for (const pid_t process : processes) {
    int status = 0;
    ASSERT_EQ(waitpid(process, &status, 0), process);
    EXPECT_EQ(status, 0);
  }
}

}  // namespace seve::testing
