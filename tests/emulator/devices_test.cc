#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "test_environment.h"
#include "test_kernels.h"
#include "test_memory.h"

namespace seve::emulator {
namespace {

int Count() {
  int count = -1;
  cudaGetDeviceCount(&count);
  cudaGetLastError();
  return count;
}

std::string BusId(int ordinal) {
  char text[32] = {};
  EXPECT_EQ(cudaDeviceGetPCIBusId(text, sizeof text, ordinal), cudaSuccess);
  return text;
}

cudaDeviceProp Properties(int ordinal) {
  cudaDeviceProp properties = {};
  EXPECT_EQ(cudaGetDeviceProperties(&properties, ordinal), cudaSuccess);
  return properties;
}

bool SameUuid(int first, int second) {
  const auto a = Properties(first), b = Properties(second);
  return std::memcmp(&a.uuid, &b.uuid, sizeof a.uuid) == 0;
}

TEST(Devices, AreAsManyAsTheEnvironmentSays) {
  const TestEnvironment gpus("SEVE_EMULATED_GPUS", "3");
  EXPECT_EQ(Count(), 3);
  EXPECT_EQ(cudaSetDevice(3), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidDevice);
}

TEST(Devices, AreThoseThatAreVisible) {
  const std::string fifth = BusId(5);
  const TestEnvironment visible("CUDA_VISIBLE_DEVICES", "5,2,9,1");
  EXPECT_EQ(Count(), 2);
  EXPECT_EQ(BusId(0), fifth);
}

TEST(Devices, AreNoneWhereNoneIsVisible) {
  const TestEnvironment visible("CUDA_VISIBLE_DEVICES", "");
  int count = -1;
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorNoDevice);
  EXPECT_EQ(count, 0);
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorNoDevice);
  cudaGetLastError();
}

TEST(Devices, WantADriverThatIsNewEnough) {
  for (const char* version : {"0", "11080"}) {
    const TestEnvironment driver("SEVE_EMULATED_DRIVER", version);
    int count = -1, found = -1;
    EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorInsufficientDriver);
    EXPECT_EQ(count, 0);
    EXPECT_EQ(cudaDriverGetVersion(&found), cudaSuccess);
    EXPECT_EQ(found, std::atoi(version));
  }
  int runtime = 0;
  EXPECT_EQ(cudaRuntimeGetVersion(&runtime), cudaSuccess);
  EXPECT_EQ(runtime, CUDART_VERSION);
  cudaGetLastError();
}

TEST(Devices, DifferInTheirIdentity) {
  EXPECT_NE(BusId(0), BusId(1));
  EXPECT_FALSE(SameUuid(0, 1));
  EXPECT_STREQ(Properties(0).name, "Emulated GPU");
  EXPECT_EQ(Properties(0).major, 9);
}

TEST(Devices, MayBeOneGpuOrItsSlices) {
  const TestEnvironment shared("SEVE_EMULATED_SHARED", "1");
  EXPECT_EQ(BusId(0), BusId(1));
  EXPECT_TRUE(SameUuid(0, 1));
  const TestEnvironment name("SEVE_EMULATED_NAME", "Emulated GPU MIG 1g.10gb");
  EXPECT_EQ(BusId(0), BusId(1));
  EXPECT_FALSE(SameUuid(0, 1));
}

TEST(Devices, AreChosenByEachThread) {
  ASSERT_EQ(cudaSetDevice(2), cudaSuccess);
  std::thread([] {
    int ordinal = -1;
    EXPECT_EQ(cudaGetDevice(&ordinal), cudaSuccess);
    EXPECT_EQ(ordinal, 0);
  }).join();
  int ordinal = -1;
  EXPECT_EQ(cudaGetDevice(&ordinal), cudaSuccess);
  EXPECT_EQ(ordinal, 2);
  ASSERT_EQ(cudaSetDevice(0), cudaSuccess);
}

TEST(Devices, MayLackCodeForTheirKernels) {
  TestStream stream;
  const TestEnvironment none("SEVE_EMULATED_KERNELS", "none");
  cudaFuncAttributes attributes = {};
  EXPECT_EQ(cudaFuncGetAttributes(&attributes, nullptr), cudaErrorNoKernelImageForDevice);
  EXPECT_EQ(LaunchNothing(1, 1, stream.get()), cudaErrorNoKernelImageForDevice);
  EXPECT_STREQ(cudaGetErrorName(cudaGetLastError()), "cudaErrorNoKernelImageForDevice");
}

TEST(Devices, HaveMultiprocessorsAndPriorities) {
  int multiprocessors = 0, least = 1, greatest = 1;
  EXPECT_EQ(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0),
            cudaSuccess);
  EXPECT_EQ(multiprocessors, 4);
  EXPECT_EQ(cudaDeviceGetStreamPriorityRange(&least, &greatest), cudaSuccess);
  EXPECT_LT(greatest, least);
}

}  // namespace
}  // namespace seve::emulator
