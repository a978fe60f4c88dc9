// What the emulated NCCL can be told to do wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "comm/gpu_communicator.h"
#include "comm/nccl/nccl_handle.h"
#include "comm/threads/run_threads.h"
#include "tensor/cuda/device_buffer.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class EmulatedFailure {
 public:
  explicit EmulatedFailure(const char* what) { setenv("SEVE_EMULATED_NCCL_FAIL", what, 1); }
  ~EmulatedFailure() { unsetenv("SEVE_EMULATED_NCCL_FAIL"); }
};

// Runs body on `world` ranks, each on a GPU of its own.
void RunOnGpus(int world, const std::function<void(Communicator&)>& body) {
  RunThreads(world, [&](Communicator& comm) {
    CheckCuda(cudaSetDevice(comm.rank()), "cudaSetDevice");
    body(comm);
  });
}

template <typename ErrorType = Error>
std::string MessageOf(const std::function<void()>& work, ExitCode code = ExitCode::kCommunication) {
  try {
    work();
  } catch (const ErrorType& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(Nccl, FailureToJoinEndsAllRanksWithItsWords) {
  const EmulatedFailure failure("init");
  RunOnGpus(3, [](Communicator& comm) {
    const std::string message =
        MessageOf<AgreedError>([&] { static_cast<void>(MakeGpuCommunicator(comm, {})); });
    EXPECT_THAT(message, AllOf(HasSubstr("ncclCommInitRankConfig failed: "),
                               HasSubstr("(Call to connect failed: Connection refused)")));
  });
}

TEST(Nccl, ErrorOnTheWireNamesThePlaceTheRankAndNcclsWords) {
  const EmulatedFailure failure("async");
  RunOnGpus(2, [](Communicator& comm) {
    const auto gpu = MakeGpuCommunicator(comm, {});
    gpu->CheckHealth();
    const DeviceBuffer values(16);
    const Stream stream = MakeStream();
    comm.SetDeadline(60, "step");
    comm.activity().SetStep(7);
    const std::string message =
        MessageOf([&] { gpu->AllReduceSum(values.As<float>(), 4, stream.get()); });
    EXPECT_THAT(message, AllOf(HasSubstr("step 7: " + comm.Describe(comm.rank()) + ": "),
                               HasSubstr("(socket closed by remote peer)")));
    EXPECT_EQ(MessageOf([&] { gpu->CheckHealth(); }).find("step 7: "), 0u);
  });
}

TEST(Nccl, HealthTellsThatAPeerLeftWhileAnExceptionUnwound) {
  RunOnGpus(2, [](Communicator& comm) {
    if (comm.rank() == 1) {
      EXPECT_THROW(
          {
            const auto gpu = MakeGpuCommunicator(comm, {});
            throw std::out_of_range("an image is damaged");
          },
          std::out_of_range);
      return;
    }
    const auto gpu = MakeGpuCommunicator(comm, {});
    const std::string message = MessageOf([&] {
      for (const Stopwatch watch; watch.Seconds() < 10;) {
        gpu->CheckHealth();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    EXPECT_THAT(message,
                AllOf(HasSubstr(comm.Describe(0)), HasSubstr("NCCL's communication failed")));
  });
}

TEST(Nccl, JoiningGivesUpAtHalfTheDeadlineNamingCallAndSection) {
  RunOnGpus(2, [](Communicator& comm) {
    if (comm.rank() == 1) return;
    ncclUniqueId id = {};
    CheckNccl(ncclGetUniqueId(&id), "ncclGetUniqueId");
    comm.SetDeadline(0.4, "start");
    const Stopwatch watch;
    const std::string message = MessageOf([&] { const NcclHandle handle(id, comm); });
    EXPECT_THAT(message, AllOf(HasSubstr("start: "), HasSubstr(" in ncclCommInitRankConfig: "),
                               HasSubstr("within 0.5 of the deadline of 0.4 s")));
    EXPECT_GE(watch.Seconds(), 0.2);
    EXPECT_LT(watch.Seconds(), 5);
  });
}

}  // namespace
}  // namespace seve
