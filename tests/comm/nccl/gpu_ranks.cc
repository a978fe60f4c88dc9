// The GPU communicator over real processes: `mpirun -n N test_comm_nccl SCENARIO`. Scenarios, which
// exit with 0 when they hold:
//   promises    what it promises, each rank on the GPU of its number
//   shared      the same, all ranks on one GPU
//   duplicate   all ranks on one GPU, which is not allowed
//   init        joining fails on the last rank alone
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "comm/mpi/mpi_communicator.h"
#include "comm/nccl/gpu_sums_cuda_testing.h"
#include "tensor/cuda/check.h"

namespace seve {
namespace {

using ::testing::HasSubstr;

void UseGpu(int ordinal) { CheckCuda(cudaSetDevice(ordinal), "cudaSetDevice"); }

// All ranks agree that none is made, for this reason.
void ExpectNone(Communicator& comm, ExitCode code, const std::string& reason) {
  try {
    static_cast<void>(MakeGpuCommunicator(comm, {}));
    ADD_FAILURE() << "a communicator was made";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

void SharedGpuIsRefused(Communicator& comm) {
  UseGpu(0);
  ExpectNone(comm, ExitCode::kUsage,
             comm.Describe(0) + " and " + comm.Describe(1) + " share a GPU: ");
}

void FailureOfTheLastRankEndsAll(Communicator& comm) {
  UseGpu(comm.rank());
  const int last = comm.size() - 1;
  if (comm.rank() == last) setenv("SEVE_EMULATED_NCCL_FAIL", "init", 1);
  ExpectNone(comm, ExitCode::kCommunication,
             comm.Describe(last) + ": ncclCommInitRankConfig failed: ");
}

void Run(const std::string& scenario, Communicator& comm) {
  comm.SetDeadline(60, "scenario");
  if (scenario == "promises" || scenario == "shared") {
    const bool shared = scenario == "shared";
    UseGpu(shared ? 0 : comm.rank());
    return testing::GpuCommunicatorsKeepTheirPromises(comm, shared);
  }
  if (scenario == "duplicate") return SharedGpuIsRefused(comm);
  if (scenario == "init") return FailureOfTheLastRankEndsAll(comm);
  ThrowUsage("unknown scenario " + scenario);
}

int Main(const std::string& scenario) {
  const MpiSession session;
  try {
    const auto comm = MakeMpiCommunicator(session, {});
    Run(scenario, *comm);
  } catch (const Error& error) {
    std::fprintf(stderr, "rank %d: %s\n", session.rank(), error.what());
    session.Abort(static_cast<int>(error.code()));
  }
  return ::testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed() ? 1 : 0;
}

}  // namespace
}  // namespace seve

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  return seve::Main(argc > 1 ? argv[1] : "promises");
}
