#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "test_environment.h"
#include "test_kernels.h"
#include "test_memory.h"

namespace seve::emulator {
namespace {

TEST(Memory, IsNotCleared) {
  for (int round = 0; round < 2; ++round) {
    unsigned char* memory = nullptr;
    ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&memory), 2 << 20), cudaSuccess);
    EXPECT_EQ(memory[0], 0xCD);
    EXPECT_EQ(memory[(2 << 20) - 1], 0xCD);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0);
    memory[0] = 1;
    EXPECT_EQ(cudaFree(memory), cudaSuccess);
  }
}

TEST(Memory, EndsWhereTheDevicesDoes) {
  const TestEnvironment environment("SEVE_EMULATED_MEMORY", "1000000");
  void *first = nullptr, *second = nullptr;
  EXPECT_EQ(cudaMalloc(&first, 600'000), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&second, 600'000), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMalloc(&second, 400'000), cudaSuccess);
  size_t free = 1, total = 0;
  EXPECT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
  EXPECT_EQ(free, 0);
  EXPECT_EQ(total, 1'000'000);
  ASSERT_EQ(cudaSetDevice(1), cudaSuccess);  // has its own
  EXPECT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
  EXPECT_EQ(free, 1'000'000);
  ASSERT_EQ(cudaSetDevice(0), cudaSuccess);
  cudaFree(first);
  cudaFree(second);
  cudaGetLastError();
}

TEST(Memory, IsCopiedOnlyWithinAllocationsAndTheWaySaid) {
  TestMemory<int> memory(4, 0);
  int host[8] = {};
  EXPECT_EQ(cudaMemcpy(memory.data(), host, 16, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(memory.data(), host, 17, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(memory.data() + 4, host, 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(memory.data(), host, 16, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host, memory.data(), 16, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(memory.data(), 0, 17), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(host, 0, 4), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host, memory.data(), 16, cudaMemcpyDefault), cudaSuccess);
  EXPECT_EQ(cudaFree(host), cudaErrorInvalidValue);
  cudaGetLastError();
}

TEST(Memory, IsSetWhenTheLegacyStreamRuns) {
  TestMemory<int> memory(4, 7);
  EXPECT_EQ(cudaMemset(memory.data(), 0, 16), cudaSuccess);
  EXPECT_EQ(memory.data()[3], 7);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(memory.data()[3], 0);
}

TEST(Memory, IsFreedAfterTheDevicesWork) {
  TestStream stream;
  int* pinned = nullptr;
  ASSERT_EQ(cudaHostAlloc(reinterpret_cast<void**>(&pinned), 4, cudaHostAllocMapped), cudaSuccess);
  pinned[0] = 3;
  TestMemory<int> out(1, 0);
  {
    TestMemory<int> in(1, 1);
    LaunchIncrement(in.data(), in.data(), 1, stream.get());
    LaunchIncrement(in.data(), out.data(), 1, stream.get());
  }
  EXPECT_EQ(out.data()[0], 3);
  LaunchIncrement(pinned, out.data(), 1, stream.get());
  EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
  EXPECT_EQ(out.data()[0], 4);
}

TEST(MemoryDeathTest, NoticesWhatWasWrittenBeyondIt) {
  for (const int place : {-1, 5}) {
    EXPECT_DEATH(
        {
          TestMemory<int> memory(5, 0);
          LaunchOutside(memory.data(), place, nullptr);
        },
        "something was written before or after the 20 bytes");
  }
}

TEST(MemoryDeathTest, NoticesThatAGraphCopiesFromWhatWasFreed) {
  EXPECT_DEATH(
      {
        TestStream stream;
        cudaGraph_t graph = nullptr;
        cudaGraphExec_t exec = nullptr;
        int host = 0;
        {
          TestMemory<int> memory(1, 0);
          cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal);
          cudaMemcpyAsync(&host, memory.data(), 4, cudaMemcpyDeviceToHost, stream.get());
          cudaStreamEndCapture(stream.get(), &graph);
        }
        cudaGraphInstantiate(&exec, graph, 0);
        cudaGraphLaunch(exec, stream.get());
        cudaStreamSynchronize(stream.get());
      },
      "a copy touches device memory that was freed");
}

}  // namespace
}  // namespace seve::emulator
