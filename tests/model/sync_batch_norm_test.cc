// Statistics that ranks have in common: as if one rank had all samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "model/cpu_executor.h"
#include "model/small_data.h"
#include "optim/registry.h"

namespace seve {
namespace {

constexpr int64_t kBatch = 12;
constexpr int64_t kSteps = 8;

constexpr const char* kVectors =
    "layer { linear { units: 8 } }\n"
    "layer { batch_norm { activation: RELU } }\n"
    "layer { batch_norm { affine: false } }\n"
    "layer { linear { units: 3 } }";

// A norm behind a convolution, which it follows in pieces, one that adds a shortcut, and one whose
// inputs nobody trains.
constexpr const char* kPictures =
    "layer { reshape { shape: [2, 4, 4] } }\n"
    "layer { batch_norm {} }\n"
    "layer { conv2d { channels: 4 kernel: 3 padding: 1 norm: BATCH activation: RELU } }\n"
    "layer { residual { activation: RELU\n"
    "  layer { conv2d { channels: 4 kernel: 3 padding: 1 norm: BATCH } } } }\n"
    "layer { global_pool {} }\n"
    "layer { linear { units: 3 } }";

struct Problem {
  explicit Problem(const std::string& layers, const std::string& more = "")
      : data(120, 32, 3),
        sampler(data.size(), 0, 1),
        configuration(SmallConfiguration(layers, more)),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0)),
        optimizer(MakeOptimizer(configuration.proto.optimizer())) {}

  // Rank 0's parameters after some steps, in each of which rank r has counts[r] samples.
  std::vector<float> Train(const std::vector<int64_t>& counts, bool sync) const {
    std::vector<float> trained;
    RunThreads(static_cast<int>(counts.size()), [&](Communicator& communicator) {
      UseComputeThreads(1);
      const int rank = communicator.rank();
      const auto request = [&](int64_t step) {
        int64_t position = step * kBatch;
        for (int before = 0; before < rank; ++before) {
          position += counts[static_cast<size_t>(before)];
        }
        return Slice{.epoch = 0, .position = position, .count = counts[static_cast<size_t>(rank)]};
      };
      ParameterArena parameters(layout);
      parameters.Initialize(9);
      CpuExecutor executor(graph, layout, parameters, *optimizer, communicator,
                           {.seed = 1, .row_counts = counts, .sync_batch_norm = sync});
      Loader loader(data, sampler, request, 0, 0);
      for (int64_t step = 0; step < kSteps; ++step) {
        const Slice slice = request(step);
        executor.Step(loader, {&slice, 1}, {.step = step + 1, .learning_rate = 0.1f});
      }
      if (rank == 0) trained.assign(parameters.trainable().begin(), parameters.trainable().end());
    });
    return trained;
  }

  SmallData data;
  Sampler sampler;
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  std::unique_ptr<Optimizer> optimizer;
};

double Difference(const std::vector<float>& some, const std::vector<float>& others) {
  double most = some.size() == others.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(some.size(), others.size()); ++i) {
    most = std::max(most, std::abs(static_cast<double>(some[i]) - static_cast<double>(others[i])));
  }
  return most;
}

// Eight updates from the same sums in another order: FP32 rounding of values of order 1, which
// normalisation makes more of.
constexpr double kRounding = 5e-5;

TEST(SyncBatchNorm, TrainsAsOneRankWithAllSamples) {
  for (const char* layers : {kVectors, kPictures}) {
    SCOPED_TRACE(layers);
    const Problem problem(layers);
    const auto alone = problem.Train({kBatch}, false);
    EXPECT_EQ(problem.Train({kBatch}, true), alone);
    EXPECT_GT(Difference(problem.Train({6, 6}, false), alone), 1e-3);
    EXPECT_LE(Difference(problem.Train({6, 6}, true), alone), kRounding);
    EXPECT_LE(Difference(problem.Train({3, 3, 3, 3}, true), alone), kRounding);
  }
}

TEST(SyncBatchNorm, WeighsRanksByTheirSamplesAndWaitsForThoseWithNone) {
  for (const char* layers : {kVectors, kPictures}) {
    SCOPED_TRACE(layers);
    const Problem problem(layers);
    const auto alone = problem.Train({kBatch}, false);
    EXPECT_LE(Difference(problem.Train({7, 5}, true), alone), kRounding);
    EXPECT_LE(Difference(problem.Train({0, kBatch}, true), alone), kRounding);
    EXPECT_LE(Difference(problem.Train({4, 8, 0, 0}, true), alone), kRounding);
  }
}

TEST(SyncBatchNorm, GoesOnWhereSomeParametersAreFrozen) {
  for (const char* more : {"parameters { match: \"batch_norm_1.*\" frozen: true }",
                           "parameters { match: \"linear_1.*\" frozen: true }\n"
                           "parameters { match: \"batch_norm_1.weight\" frozen: true }\n"
                           "parameters { match: \"batch_norm_1.bias\" frozen: true }"}) {
    SCOPED_TRACE(more);
    const Problem problem(kVectors, more);
    const auto alone = problem.Train({kBatch}, false);
    EXPECT_LE(Difference(problem.Train({7, 5}, true), alone), kRounding);
    EXPECT_LE(Difference(problem.Train({kBatch, 0}, true), alone), kRounding);
  }
}

}  // namespace
}  // namespace seve
