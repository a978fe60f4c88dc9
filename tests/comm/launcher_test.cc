#include "comm/mpi/launcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Launcher : public ::testing::Test {
 protected:
  void SetUp() override { Clear(); }
  void TearDown() override { Clear(); }
  static void Clear() {
    unsetenv("OMPI_COMM_WORLD_SIZE");
    unsetenv("SLURM_NTASKS");
  }
  static std::string Refusal(int world) {
    try {
      CheckLauncher(world);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      return error.what();
    }
    return "";
  }
};

TEST_F(Launcher, WithoutVariablesAnyWorldIsRight) {
  EXPECT_EQ(Refusal(1), "");
  EXPECT_EQ(Refusal(4), "");
}

TEST_F(Launcher, SlurmTasksThatMpiDoesNotSeeAreRefused) {
  setenv("SLURM_NTASKS", "4", 1);
  EXPECT_EQ(Refusal(4), "");
  EXPECT_THAT(Refusal(1), AllOf(HasSubstr("asked for 4 tasks"), HasSubstr("SLURM_NTASKS=4"),
                                HasSubstr("sees 1 rank:"), HasSubstr("srun --mpi=pmix")));
}

TEST_F(Launcher, MpirunOfAnotherMpiIsRefused) {
  setenv("OMPI_COMM_WORLD_SIZE", "2", 1);
  EXPECT_EQ(Refusal(2), "");
  EXPECT_THAT(Refusal(1), AllOf(HasSubstr("OMPI_COMM_WORLD_SIZE=2"), HasSubstr("mpirun")));
}

TEST_F(Launcher, MpirunInsideASlurmJobMayStartFewerRanks) {
  setenv("SLURM_NTASKS", "4", 1);
  setenv("OMPI_COMM_WORLD_SIZE", "2", 1);
  EXPECT_EQ(Refusal(2), "");
  setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
  EXPECT_EQ(Refusal(1), "");
}

TEST_F(Launcher, OneTaskOrNonsenseIsNoObjection) {
  setenv("SLURM_NTASKS", "1", 1);
  EXPECT_EQ(Refusal(3), "");
  setenv("SLURM_NTASKS", "4 tasks", 1);
  EXPECT_EQ(Refusal(1), "");
}

}  // namespace
}  // namespace seve
