// The communicator over real processes: `mpirun -n N test_comm_mpi SCENARIO`. Scenarios:
//   promises [RANKS_PER_HOST]   what every communicator promises; exit 0 when it holds
//   late [RANKS_PER_HOST]       the last rank is late: exit 4 when the others name it, otherwise 1
//   late_doubles [RANKS_PER_HOST]  the same in AllReduceSum, which MPI carries
//   abort                       the last rank aborts with code 4 while the others wait
//   throw                       an exception on the last rank unwinds to main, which aborts with 3
//   full                        a window larger than the shared memory is refused; exit 0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "comm/collective_testing.h"
#include "comm/mpi/mpi_communicator.h"

namespace seve {
namespace {

using ::testing::HasSubstr;

bool IsLast(const Communicator& comm) { return comm.rank() == comm.size() - 1; }

void SumWindow(Communicator& comm, Window& window) {
  comm.SetDeadline(0.3, "step 7");
  window.StartSum(0, window.local().size());
  window.FinishSums();
}

void SumDoubles(Communicator& comm, Window&) {
  comm.SetDeadline(0.3, "step 7");
  std::vector<double> values(3);
  comm.AllReduceSum(values);
}

void LateRankIsNamed(Communicator& comm, void (*sum)(Communicator&, Window&)) {
  const auto window = comm.AllocateWindow(5000);
  comm.Barrier();
  if (IsLast(comm)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    comm.Abort(4);
  }
  std::string message;
  try {
    sum(comm, *window);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kCommunication);
    message = error.what();
  }
  EXPECT_THAT(message, HasSubstr("step 7"));
  EXPECT_THAT(message, HasSubstr(comm.Describe(comm.size() - 1)));
  if (::testing::Test::HasFailure()) comm.Abort(1);
  std::this_thread::sleep_for(std::chrono::seconds(10));
}

void LastRankAborts(Communicator& comm) {
  if (IsLast(comm)) comm.Abort(4);
  comm.Barrier();
}

void LastRankThrows(Communicator& comm) {
  const auto window = comm.AllocateWindow(5000);
  if (IsLast(comm)) ThrowData("an image is damaged");
  window->StartSum(0, 5000);
  window->FinishSums();
}

void TooLargeAWindowIsRefused(Communicator& comm) {
  try {
    const auto window = comm.AllocateWindow(size_t{1} << 44);
    ADD_FAILURE() << "64 TiB allocated";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("of shared memory"));
    EXPECT_THAT(error.what(), HasSubstr("free"));
  }
}

void Run(const std::string& scenario, Communicator& comm, int ranks_per_host) {
  comm.SetDeadline(60, "scenario");
  if (scenario == "promises") return testing::CommunicatorKeepsItsPromises(comm, ranks_per_host);
  if (scenario == "late") return LateRankIsNamed(comm, SumWindow);
  if (scenario == "late_doubles") return LateRankIsNamed(comm, SumDoubles);
  if (scenario == "abort") return LastRankAborts(comm);
  if (scenario == "throw") return LastRankThrows(comm);
  if (scenario == "full") return TooLargeAWindowIsRefused(comm);
  ThrowUsage("unknown scenario " + scenario);
}

int Main(int argc, char** argv) {
  const std::string scenario = argc > 1 ? argv[1] : "promises";
  const int ranks_per_host = argc > 2 ? std::atoi(argv[2]) : 0;
  const MpiSession session;
  try {
    const auto comm = MakeMpiCommunicator(session, {.ranks_per_host = ranks_per_host});
    Run(scenario, *comm, ranks_per_host);
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
  return seve::Main(argc, argv);
}
