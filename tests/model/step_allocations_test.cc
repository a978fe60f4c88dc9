// Nothing is allocated in a step once training is warm, whatever is in it.
#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "model/allocations_testing.h"
#include "model/cpu_executor.h"
#include "model/small_data.h"
#include "optim/registry.h"

namespace seve {
namespace {

constexpr int64_t kWarmUp = 3, kSteps = 5;

struct Case {
  const char* name;
  const char* layers;
  const char* more = "";
  int64_t micro_batches = 1;  // of a rank
  bool reproducible = false;
  float clip_norm = 0;
  bool shards = false;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class StepAllocations : public ::testing::TestWithParam<Case> {};

constexpr const char* kDense =
    "layer { linear { units: 8 activation: RELU } }\nlayer { dropout { rate: 0.5 } }\n"
    "layer { linear { units: 3 } }";
constexpr const char* kConvolutions =
    "layer { reshape { shape: [4, 8, 8] } }\n"
    "layer { conv2d { channels: 16 kernel: 3 padding: 1 bias: false norm: BATCH activation: RELU } "
    "}\n"
    "layer { residual { activation: RELU\n"
    "  layer { conv2d { channels: 16 kernel: 3 padding: 1 norm: BATCH activation: RELU } }\n"
    "  layer { conv2d { channels: 16 kernel: 3 padding: 1 norm: BATCH } } } }\n"
    "layer { max_pool { size: 2 } }\nlayer { global_pool {} }\nlayer { linear { units: 3 } }";

const std::array kCases = {
    Case{.name = "Dense", .layers = kDense},
    Case{.name = "Adam",
         .layers = kDense,
         .more = "optimizer { adam { learning_rate: 0.1 } }",
         .clip_norm = 0.1f},
    Case{.name = "Penalty", .layers = kDense, .more = "penalty { l1: 0.01 l2: 0.1 }"},
    Case{.name = "Accumulating", .layers = kDense, .micro_batches = 2},
    Case{.name = "Reproducible", .layers = kDense, .micro_batches = 2, .reproducible = true},
    Case{.name = "Convolutions", .layers = kConvolutions},
    Case{.name = "Shares", .layers = kDense, .shards = true},
};
INSTANTIATE_TEST_SUITE_P(Models, StepAllocations, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(StepAllocations, AreNoneOnceTrainingIsWarm) {
  const Case& one = GetParam();
  constexpr int kWorld = 2;
  constexpr int64_t kBatch = 12;
  const SmallData data(120, 256, 3);
  const Sampler sampler(data.size(), 0, 1);
  const Configuration configuration = SmallConfiguration(one.layers, one.more);
  const Graph graph = BuildGraph(configuration, data.Fields(), data.classes());
  const ParameterLayout layout = LayOutParameters(graph, configuration, 0);
  const auto optimizer = MakeOptimizer(configuration.proto.optimizer());
  std::atomic<int64_t> allocations{0};
  RunThreads(kWorld, [&](Communicator& communicator) {
    UseComputeThreads(1);
    const int64_t rows = kBatch / kWorld / one.micro_batches;
    ParameterArena parameters(layout);
    parameters.Initialize(9);
    CpuExecutor executor(graph, layout, parameters, *optimizer, communicator,
                         {.seed = 1,
                          .row_counts = {rows},
                          .micro_batches = one.micro_batches,
                          .reproducible = one.reproducible,
                          .clip_norm = one.clip_norm,
                          .shards_optimizer = one.shards});
    const auto request = [&](int64_t i) {
      const int64_t step = i / one.micro_batches, within = i % one.micro_batches;
      const int64_t first = (communicator.rank() * one.micro_batches + within) * rows;
      return Slice{.epoch = 0, .position = step * kBatch + first, .count = rows};
    };
    Loader loader(data, sampler, request, 0, 0);
    std::vector<Slice> slices(static_cast<size_t>(one.micro_batches));
    int64_t before = 0;
    for (int64_t step = 0; step < kWarmUp + kSteps; ++step) {
      if (step == kWarmUp) before = AllocationsOfThisThread();
      for (size_t i = 0; i < slices.size(); ++i) {
        slices[i] = request(step * one.micro_batches + static_cast<int64_t>(i));
      }
      executor.Step(loader, slices, {.step = step + 1, .learning_rate = 0.01f});
    }
    allocations += AllocationsOfThisThread() - before;
  });
  EXPECT_EQ(allocations, 0) << "in " << kSteps << " steps of " << kWorld << " ranks";
}

}  // namespace
}  // namespace seve
