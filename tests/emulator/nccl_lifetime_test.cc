// How NCCL's communicators begin, fail and end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "emulator/nccl_testing.h"

namespace seve::testing {
namespace {

using emulator::TestMemory;
using ::testing::HasSubstr;

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

// Starts to join without waiting for the others.
ncclComm_t StartToJoin(const ncclUniqueId& id, int ranks, int rank) {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  ncclComm_t comm = nullptr;
  EXPECT_EQ(ncclCommInitRankConfig(&comm, ranks, id, rank, &config), ncclInProgress);
  return comm;
}

ncclResult_t WaitFor(ncclComm_t comm) {
  ncclResult_t state = ncclInProgress;
  while (state == ncclInProgress) {
    EXPECT_EQ(ncclCommGetAsyncError(comm, &state), ncclSuccess);
    std::this_thread::yield();
  }
  return state;
}

ncclResult_t Sum(ncclComm_t comm, const TestMemory<float>& values, cudaStream_t stream) {
  return ncclAllReduce(values.data(), values.data(), values.size(), ncclFloat32, ncclSum, comm,
                       stream);
}

TEST(NcclLifetimeTest, VersionAndWordsAreThoseOfNccl) {
  int version = 0;
  EXPECT_EQ(ncclGetVersion(&version), ncclSuccess);
  EXPECT_EQ(version, NCCL_VERSION_CODE);
  EXPECT_STREQ(ncclGetErrorString(ncclRemoteError),
               "remote process exited or there was a network error");
}

TEST(NcclLifetimeTest, JoiningNeedNotBlock) {
  const ncclUniqueId id = MakeId();
  const ncclComm_t first = StartToJoin(id, 2, 0);
  int count = 0;
  EXPECT_EQ(ncclCommCount(first, &count), ncclInvalidArgument);
  ncclResult_t state = ncclSuccess;
  EXPECT_EQ(ncclCommGetAsyncError(first, &state), ncclSuccess);
  EXPECT_EQ(state, ncclInProgress);
  EXPECT_EQ(cudaSetDevice(1), cudaSuccess);
  const ncclComm_t second = StartToJoin(id, 2, 1);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(WaitFor(first), ncclSuccess);
  EXPECT_EQ(WaitFor(second), ncclSuccess);
  EXPECT_EQ(ncclCommDestroy(first), ncclSuccess);
  EXPECT_EQ(ncclCommDestroy(second), ncclSuccess);
}

TEST(NcclLifetimeTest, OperationsWithoutBlockingAreInProgressUntilPolled) {
  const ncclComm_t comm = StartToJoin(MakeId(), 1, 0);
  EXPECT_EQ(WaitFor(comm), ncclSuccess);
  const emulator::TestStream stream;
  const TestMemory<float> values(4, 1.0F);
  EXPECT_EQ(Sum(comm, values, stream.get()), ncclInProgress);
  EXPECT_EQ(Sum(comm, values, stream.get()), ncclInvalidArgument);
  EXPECT_THAT(ncclGetLastError(comm), HasSubstr("before the previous operation"));
  EXPECT_EQ(WaitFor(comm), ncclSuccess);
  EXPECT_EQ(Sum(comm, values, stream.get()), ncclInProgress);
  EXPECT_EQ(WaitFor(comm), ncclSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(ncclCommFinalize(comm), ncclInProgress);
  EXPECT_EQ(WaitFor(comm), ncclSuccess);
  EXPECT_EQ(ncclCommDestroy(comm), ncclSuccess);
}

TEST(NcclLifetimeTest, RanksOnOneGpuAreRefusedByWhoSharesIt) {
  constexpr int kDevices[] = {3, 0, 3};
  constexpr const char* kWords[] = {
      "Duplicate GPU detected : rank 0 and rank 2 both on CUDA device ",
      "socket closed by remote peer",
      "Duplicate GPU detected : rank 2 and rank 0 both on CUDA device "};
  const ncclUniqueId id = MakeId();
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < 3; ++rank) {
    threads.emplace_back([&, rank] {
      EXPECT_EQ(cudaSetDevice(kDevices[rank]), cudaSuccess);
      ncclComm_t comm = nullptr;
      EXPECT_EQ(ncclCommInitRank(&comm, 3, id, rank),
                rank == 1 ? ncclRemoteError : ncclInvalidUsage);
      EXPECT_THAT(ncclGetLastError(nullptr), HasSubstr(kWords[rank]));
      EXPECT_EQ(comm, nullptr);
    });
  }
}

TEST(NcclLifetimeTest, RanksOfDifferentHostIdsMayShareAGpu) {
  const ncclUniqueId id = MakeId();
  std::vector<ncclComm_t> comms;
  for (int rank = 0; rank < 3; ++rank) {
    const Variable host("NCCL_HOSTID", std::to_string(rank).c_str());
    comms.push_back(StartToJoin(id, 3, rank));
  }
  for (ncclComm_t comm : comms) EXPECT_EQ(WaitFor(comm), ncclSuccess);
  for (ncclComm_t comm : comms) EXPECT_EQ(ncclCommDestroy(comm), ncclSuccess);
}

TEST(NcclLifetimeTest, ARankThatCannotJoinFailsTheOthers) {
  const ncclUniqueId id = MakeId();
  const ncclComm_t waiting = StartToJoin(id, 2, 0);
  {
    const Variable failure("SEVE_EMULATED_NCCL_FAIL", "init");
    ncclComm_t comm = nullptr;
    EXPECT_EQ(ncclCommInitRank(&comm, 2, id, 1), ncclSystemError);
    EXPECT_THAT(ncclGetLastError(nullptr), HasSubstr("Connection refused"));
  }
  EXPECT_EQ(WaitFor(waiting), ncclRemoteError);
  EXPECT_EQ(ncclCommAbort(waiting), ncclSuccess);
}

TEST(NcclLifetimeTest, RanksThatDisagreeAboutTheirNumberFail) {
  const ncclUniqueId id = MakeId();
  const ncclComm_t waiting = StartToJoin(id, 2, 0);
  ncclComm_t comm = nullptr;
  EXPECT_NE(ncclCommInitRank(&comm, 3, id, 1), ncclSuccess);
  EXPECT_NE(WaitFor(waiting), ncclSuccess);
  EXPECT_EQ(ncclCommAbort(waiting), ncclSuccess);
}

TEST(NcclLifetimeTest, JoiningCanBeAborted) {
  const ncclComm_t comm = StartToJoin(MakeId(), 2, 0);
  EXPECT_EQ(ncclCommAbort(comm), ncclSuccess);
}

TEST(NcclLifetimeTest, AsynchronousErrorsComeAfterTheFirstOperation) {
  const Variable failure("SEVE_EMULATED_NCCL_FAIL", "async");
  NcclRank self(MakeId(), 1, 0);
  EXPECT_EQ(WaitFor(self.comm), ncclSuccess);
  const TestMemory<float> values(4, 1.0F);
  EXPECT_EQ(Sum(self.comm, values, self.stream.get()), ncclSuccess);
  EXPECT_EQ(WaitFor(self.comm), ncclRemoteError);
  EXPECT_STREQ(ncclGetLastError(self.comm), "socket closed by remote peer");
  EXPECT_EQ(Sum(self.comm, values, self.stream.get()), ncclRemoteError);
}

TEST(NcclLifetimeTest, AnAbortEndsWhatWaits) {
  const ncclUniqueId id = MakeId();
  const Variable host("NCCL_HOSTID", "one");
  const ncclComm_t first = StartToJoin(id, 2, 0);
  ncclComm_t second = nullptr;
  {
    const Variable other("NCCL_HOSTID", "two");
    second = StartToJoin(id, 2, 1);
  }
  EXPECT_EQ(WaitFor(first), ncclSuccess);
  EXPECT_EQ(WaitFor(second), ncclSuccess);
  const emulator::TestStream stream;
  const TestMemory<float> values(4, 1.0F);
  EXPECT_EQ(Sum(first, values, stream.get()), ncclInProgress);
  const std::jthread watchdog([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(ncclCommAbort(first), ncclSuccess);
  });
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  const emulator::TestStream other_stream;
  EXPECT_EQ(Sum(second, values, other_stream.get()), ncclInProgress);
  EXPECT_EQ(cudaStreamSynchronize(other_stream.get()), cudaSuccess);
  EXPECT_EQ(WaitFor(second), ncclRemoteError);
  EXPECT_EQ(ncclCommAbort(second), ncclSuccess);
}

TEST(NcclLifetimeTest, ALostProcessFailsTheOthers) {
  const ncclUniqueId id = MakeId();
  const Variable host("NCCL_HOSTID", "parent");
  const ncclComm_t comm = StartToJoin(id, 2, 0);
  Fork(1, [&](int) {
    setenv("NCCL_HOSTID", "child", 1);
    ncclComm_t child = nullptr;
    EXPECT_EQ(ncclCommInitRank(&child, 2, id, 1), ncclSuccess);
  });
  EXPECT_EQ(WaitFor(comm), ncclRemoteError);
  EXPECT_EQ(ncclCommAbort(comm), ncclSuccess);
}

TEST(NcclLifetimeTest, WrongArgumentsAreRefused) {
  ncclComm_t none = nullptr;
  EXPECT_EQ(ncclCommInitRank(&none, 2, MakeId(), 2), ncclInvalidArgument);
  ncclConfig_t blank = {};
  EXPECT_EQ(ncclCommInitRankConfig(&none, 1, MakeId(), 0, &blank), ncclInvalidArgument);
  NcclRank self(MakeId(), 1, 0);
  const TestMemory<float> values(4, 1.0F);
  float host[4] = {};
  const cudaStream_t stream = self.stream.get();
  EXPECT_EQ(Sum(nullptr, values, stream), ncclInvalidArgument);
  EXPECT_EQ(ncclAllReduce(host, host, 4, ncclFloat32, ncclSum, self.comm, stream),
            ncclInvalidArgument);
  EXPECT_EQ(ncclAllReduce(values.data(), values.data(), 5, ncclFloat32, ncclSum, self.comm, stream),
            ncclInvalidArgument);
  EXPECT_EQ(ncclAllReduce(values.data(), values.data(), 4, ncclFloat32, ncclAvg, self.comm, stream),
            ncclInvalidArgument);
  EXPECT_EQ(ncclBroadcast(values.data(), values.data(), 4, ncclFloat32, 1, self.comm, stream),
            ncclInvalidArgument);
  EXPECT_EQ(ncclGroupEnd(), ncclInvalidUsage);
}

TEST(NcclLifetimeTest, MemoryIsTheDevicesAndCanBeRegistered) {
  NcclRank self(MakeId(), 1, 0);
  void* memory = nullptr;
  void* handle = nullptr;
  EXPECT_EQ(ncclMemAlloc(&memory, 1024), ncclSuccess);
  EXPECT_EQ(ncclCommRegister(self.comm, memory, 1024, &handle), ncclSuccess);
  EXPECT_EQ(ncclAllReduce(memory, memory, 256, ncclFloat32, ncclSum, self.comm, self.stream.get()),
            ncclSuccess);
  self.Synchronize();
  EXPECT_EQ(ncclCommDeregister(self.comm, handle), ncclSuccess);
  EXPECT_EQ(ncclMemFree(memory), ncclSuccess);
}

void SendFourAndReceiveEight() {
  NcclRank self(MakeId(), 1, 0);
  const TestMemory<float> from(4, 1.0F), to(8, 1.0F);
  ncclGroupStart();
  ncclSend(from.data(), 4, ncclFloat32, 0, self.comm, self.stream.get());
  ncclRecv(to.data(), 8, ncclFloat32, 0, self.comm, self.stream.get());
  ncclGroupEnd();
  self.Synchronize();
}

TEST(NcclDeathTest, MessagesThatDoNotFitEndTheProcess) {
  EXPECT_DEATH(SendFourAndReceiveEight(), "rank 0 expects 32 bytes");
}

}  // namespace
}  // namespace seve::testing
