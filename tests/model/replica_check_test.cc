#include "model/replica_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "comm/threads/run_threads.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Ranks with the parameters of one seed, the last bit of one flipped on `spoilt`.
struct Replicas {
  Replicas()
      : data(10, 6, 3),
        configuration(SmallConfiguration("layer { linear { units: 4 } }\n"
                                         "layer { linear { units: 3 } }",
                                         "parameters { match: \"linear_1.bias\" frozen: true }")),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0)) {}

  using Body = std::function<void(ReplicaCheck&, Communicator&)>;
  void Run(int world, const std::set<int>& spoilt, bool frozen, const Body& body) const {
    RunThreads(world, [&](Communicator& communicator) {
      ParameterArena parameters(layout);
      parameters.Initialize(5);
      if (spoilt.contains(communicator.rank())) {
        float& value = frozen ? parameters.frozen()[1] : parameters.trainable()[2];
        value = std::nextafter(value, 9.0f);
      }
      std::vector<float> momentum(5, 0.5f);
      if (spoilt_state == communicator.rank()) momentum[3] = 0.25f;
      ReplicaCheck check(layout, CutBuckets(layout), parameters, {{"momentum_buffer", momentum}},
                         communicator);
      body(check, communicator);
    });
  }

  // Of the error on every rank; "" where there is none.
  std::string Verdict(int world, const std::set<int>& spoilt, bool frozen = false) const {
    std::string verdict;
    Run(world, spoilt, frozen, [&](ReplicaCheck& check, Communicator& communicator) {
      std::string mine;
      try {
        check.Compare(40);
      } catch (const AgreedError& error) {
        EXPECT_EQ(error.code(), ExitCode::kCommunication);
        mine = error.what();
      }
      communicator.Barrier();
      if (communicator.rank() == 0) verdict = mine;
    });
    return verdict;
  }

  // What FingerprintsAgree says after the sum of the records.
  bool Agree(int world, const std::set<int>& spoilt, bool frozen = false) const {
    bool agree = false;
    Run(world, spoilt, frozen, [&](ReplicaCheck& check, Communicator& communicator) {
      const auto window = communicator.AllocateWindow(GradientArena::FloatsFor(layout));
      const GradientArena arena(layout, window->local());
      check.WriteFingerprint(arena.record());
      window->StartSum(0, window->local().size());
      window->FinishSums();
      if (communicator.rank() == 0) agree = check.FingerprintsAgree(arena.record());
    });
    return agree;
  }

  SmallData data;
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  int spoilt_state = -1;  // rank whose optimizer's state differs
};

TEST(ReplicaCheck, EqualReplicasAgree) {
  const Replicas replicas;
  for (const int world : {1, 2, 3, 7}) {
    EXPECT_TRUE(replicas.Agree(world, {})) << world;
    EXPECT_EQ(replicas.Verdict(world, {}), "") << world;
  }
}

TEST(ReplicaCheck, OneFlippedBitIsNoticedInTrainableAndFrozenParameters) {
  const Replicas replicas;
  for (const int world : {2, 3, 7}) {
    for (const int rank : {0, world - 1}) {
      EXPECT_FALSE(replicas.Agree(world, {rank})) << world << " " << rank;
      EXPECT_FALSE(replicas.Agree(world, {rank}, true)) << world << " " << rank;
    }
  }
}

TEST(ReplicaCheck, TheMinorityIsNamedWithItsParameters) {
  const Replicas replicas;
  EXPECT_THAT(replicas.Verdict(3, {1}),
              AllOf(HasSubstr("after step 40"), HasSubstr(":rank 1 differ from those of most"),
                    HasSubstr("'linear_2.weight'"), Not(HasSubstr(":rank 0"))));
  EXPECT_THAT(replicas.Verdict(5, {0, 3}, true),
              AllOf(HasSubstr(":rank 0 and"), HasSubstr(":rank 3"), HasSubstr("'linear_1.bias'"),
                    Not(HasSubstr("'linear_2.weight'"))));
}

TEST(ReplicaCheck, TheStateOfTheOptimizerIsComparedToo) {
  Replicas replicas;
  replicas.spoilt_state = 2;
  EXPECT_TRUE(replicas.Agree(3, {}));  // a fingerprint is of parameters alone
  EXPECT_THAT(replicas.Verdict(3, {}), HasSubstr("the optimizer's momentum_buffer of "));
}

TEST(ReplicaCheck, WithoutAMajorityAllAreNamed) {
  const Replicas replicas;
  EXPECT_THAT(replicas.Verdict(2, {1}), AllOf(HasSubstr(":rank 0 and"), HasSubstr(":rank 1 differ"),
                                              HasSubstr("no majority says who is right")));
}

}  // namespace
}  // namespace seve
