#include <gtest/gtest.h>

#include "comm/collective_testing.h"
#include "comm/solo/solo_communicator.h"

namespace seve {
namespace {

TEST(Solo, KeepsTheCommunicatorsPromises) {
  const auto comm = MakeSoloCommunicator();
  EXPECT_EQ(comm->size(), 1);
  testing::CommunicatorKeepsItsPromises(*comm);
}

}  // namespace
}  // namespace seve
