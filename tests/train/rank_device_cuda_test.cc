#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "base/error.h"
#include "comm/threads/run_threads.h"
#include "tensor/cuda_devices.h"
#include "train/rank_device.h"

namespace seve {
namespace {

using testing::HasSubstr;

constexpr const char* kConfiguration = R"(
data { digits { train: 100 test: 20 } }
batch { size: 12 }
model { layer { flatten {} } layer { linear { units: 10 } } }
loss { cross_entropy {} }
optimizer { sgd {} }
epochs: 1
)";

struct Outcome {
  std::vector<RankDevice> devices;
  int refused = 0;
  std::string message;  // rank 0's
};

Outcome Choose(int world, const std::vector<std::string>& sets) {
  Outcome outcome;
  std::mutex mutex;
  const auto configuration = ParseConfiguration(kConfiguration, "c", sets);
  RunThreads(world, [&](Communicator& communicator) {
    try {
      const RankDevice device = ChooseDevice(communicator, configuration);
      const std::lock_guard lock(mutex);
      outcome.devices.push_back(device);
    } catch (const AgreedError& error) {
      const std::lock_guard lock(mutex);
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      ++outcome.refused;
      if (communicator.rank() == 0) outcome.message = error.what();
    }
  });
  return outcome;
}

int Gpus() { return static_cast<int>(SurveyGpus().gpus.size()); }

TEST(RankDevice, EveryRankHasAGpuOfItsOwn) {
  for (const auto& sets : {std::vector<std::string>{}, {"device=CUDA"}}) {
    const auto outcome = Choose(Gpus(), sets);
    std::set<int> ordinals;
    for (const auto& device : outcome.devices) {
      EXPECT_TRUE(device.cuda);
      EXPECT_FALSE(device.shared);
      EXPECT_EQ(device.of_all, outcome.devices.front().of_all);
      EXPECT_THAT(device.description, HasSubstr(", GPU " + std::to_string(device.ordinal)));
      ordinals.insert(device.ordinal);
    }
    EXPECT_EQ(static_cast<int>(ordinals.size()), Gpus());
  }
}

TEST(RankDevice, OneRankTooManyIsRefusedOnAll) {
  const int ranks = Gpus() + 1;
  const auto outcome = Choose(ranks, {});
  EXPECT_EQ(outcome.refused, ranks);
  EXPECT_THAT(outcome.message, HasSubstr(" for " + std::to_string(ranks) + " ranks"));
}

TEST(RankDevice, RanksShareAGpuWhereThatIsAllowed) {
  const auto outcome = Choose(Gpus() + 1, {"gpu.allow_shared_gpu=true"});
  EXPECT_EQ(outcome.refused, 0);
  for (const auto& device : outcome.devices) EXPECT_TRUE(device.cuda && device.shared);
}

TEST(RankDevice, CpuIsTheCpu) {
  const auto outcome = Choose(2, {"device=CPU"});
  for (const auto& device : outcome.devices) {
    EXPECT_FALSE(device.cuda);
    EXPECT_EQ(device.description, "CPU");
  }
}

}  // namespace
}  // namespace seve
