#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "comm/gpu_communicator.h"
#include "comm/nccl/gpu_sums_cuda_testing.h"
#include "comm/threads/run_threads.h"
#include "tensor/cuda/check.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

int Gpus() {
  int gpus = 0;
  return cudaGetDeviceCount(&gpus) == cudaSuccess ? gpus : 0;
}

class GpusOfWorld : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (Gpus() < GetParam()) GTEST_SKIP() << "this machine has " << Gpus() << " GPUs";
  }
};
INSTANTIATE_TEST_SUITE_P(Worlds, GpusOfWorld, ::testing::Values(1, 2, 3, 4, 8));

TEST_P(GpusOfWorld, KeepTheGpuCommunicatorsPromises) {
  RunThreads(GetParam(), [](Communicator& comm) {
    CheckCuda(cudaSetDevice(comm.rank()), "cudaSetDevice");
    testing::GpuCommunicatorsKeepTheirPromises(comm, false);
  });
}

TEST(GpuCommunicator, RefusesRanksThatShareAGpuAndNamesThem) {
  RunThreads(3, [](Communicator& comm) {
    CheckCuda(cudaSetDevice(0), "cudaSetDevice");
    try {
      static_cast<void>(MakeGpuCommunicator(comm, {}));
      ADD_FAILURE() << "made";
    } catch (const AgreedError& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      EXPECT_THAT(error.what(),
                  AllOf(HasSubstr(comm.Describe(0) + " and " + comm.Describe(1) + " share a GPU: "),
                        HasSubstr("gpu { allow_shared_gpu: true } is for tests")));
    }
  });
}

}  // namespace
}  // namespace seve
