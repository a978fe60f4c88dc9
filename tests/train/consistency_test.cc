#include "train/consistency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "comm/threads/run_threads.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kConfiguration = R"(
data { digits { train: 100 test: 20 } }
batch { size: 12 micro_batches: 4 }
model { layer { flatten {} } layer { name: "scores" linear { units: 10 } } }
loss { cross_entropy {} }
optimizer { sgd {} }
epochs: 1
)";

// What rank 0 is told when rank 1 of two trains with `set` and the other without; "" for nothing.
std::string Verdict(const std::vector<std::string>& set) {
  const Setup same(ParseConfiguration(kConfiguration, "same", {}), "");
  const Setup other(ParseConfiguration(kConfiguration, "other", set), "");
  std::string verdict;
  RunThreads(2, [&](Communicator& communicator) {
    const Setup& setup = communicator.rank() == 1 ? other : same;
    const BatchGeometry geometry(setup.configuration, 2, communicator.rank(),
                                 setup.sampler.train_size());
    try {
      CheckSameEverywhere(communicator, setup, geometry);
    } catch (const AgreedError& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      if (communicator.rank() == 0) verdict = error.what();
    }
  });
  return verdict;
}

TEST(Consistency, EqualRanksPass) { EXPECT_EQ(Verdict({}), ""); }

TEST(Consistency, NamesTheRankAndWhatDiffers) {
  EXPECT_THAT(Verdict({"seed=3"}), HasSubstr(":rank 1 has another configuration than rank 0"));
  EXPECT_THAT(Verdict({"data.digits.seed=9"}),
              AllOf(HasSubstr(":rank 1 has another training set"), HasSubstr("another test set")));
  EXPECT_THAT(Verdict({"batch.micro_batches=2"}), HasSubstr(":rank 1 has another plan"));
}

TEST(Consistency, OneProgramIsTheSameOnAllRanks) {
  RunThreads(2, [](Communicator& communicator) { CheckSameProgram(communicator); });
}

TEST(Consistency, ReproducibleNeedsRanksThatAreATree) {
  const auto plain = ParseConfiguration(kConfiguration, "c", {});
  const auto exact = ParseConfiguration(kConfiguration, "c", {"reproducible=true"});
  RunThreads(2, [&](Communicator& communicator) { CheckRankTree(communicator, exact); });
  RunThreads(3, [&](Communicator& communicator) {
    CheckRankTree(communicator, plain);
    EXPECT_THROW(CheckRankTree(communicator, exact), AgreedError);
  });
}

}  // namespace
}  // namespace seve
