// A real training on several MPI ranks in which one rank alone meets an exception in mid-run.
//   one_sided_failure RANK   the rank that fails, after its second epoch, with an error of the
//   data (3)

#include <cstdlib>
#include <string>

#include "cli/rank_scope.h"
#include "train/trainer.h"

namespace {

using namespace seve;

constexpr const char* kConfiguration = R"(
data { digits { train: 500 test: 100 } }
batch { size: 24 }
model { layer { flatten {} } layer { linear { units: 10 } } }
loss { cross_entropy {} }
optimizer { sgd {} }
epochs: 50
)";

struct FailsAfterTheSecondEpoch : RunObserver {
  void OnEpoch(const EpochEvent&) override {
    if (++epochs == 2) ThrowData("the disk with the data went away");
  }
  int epochs = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const int failing = argc > 1 ? std::atoi(argv[1]) : 0;
  return WithRank([&](Communicator& communicator, Logger& logger) {
    const Setup setup(ParseConfiguration(kConfiguration, "test.textproto", {}), "");
    const BatchGeometry geometry(setup.configuration, communicator.size(), communicator.rank(),
                                 setup.sampler.train_size());
    FailsAfterTheSecondEpoch observer;
    Context context{communicator, logger, {}};
    if (communicator.rank() == failing) context.observers.push_back(&observer);
    Trainer trainer(
        setup, geometry, context,
        std::string(std::getenv("SEVE_TEST_FOLDER")) + "/run" + std::to_string(failing));
    return trainer.Run().exit_code;
  });
}
