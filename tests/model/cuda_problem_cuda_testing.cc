#include "model/cuda_problem_cuda_testing.h"

#include <algorithm>

#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "model/cpu_executor.h"
#include "optim/registry.h"
#include "tensor/cuda_devices.h"

namespace seve::testing {
namespace {

std::unique_ptr<Executor> MakeExecutor(const CudaProblem& problem, const Training& training,
                                       const ParameterArena& parameters, Communicator& communicator,
                                       const ExecutorOptions& options) {
  if (!training.cuda) {
    return std::make_unique<CpuExecutor>(problem.graph, problem.layout, parameters,
                                         *problem.optimizer, communicator, options);
  }
  CudaOptions cuda = training.options;
  cuda.ordinal = cuda.shared_gpu ? 0 : communicator.rank();
  return MakeCudaExecutor(problem.graph, problem.layout, parameters, *problem.optimizer,
                          communicator, problem.data, problem.sampler, options, cuda);
}

}  // namespace

int GpusHere() { return static_cast<int>(SurveyGpus().gpus.size()); }

CudaProblem::CudaProblem(const std::string& more, const std::string& layers,
                         std::unique_ptr<const Dataset> given)
    : owned(given ? std::move(given) : std::make_unique<SmallData>(160, 6, 3)),
      data(*owned),
      sampler(data.size(), 0.2, 1),
      configuration(SmallConfiguration(layers, more)),
      graph(BuildGraph(configuration, data.Fields(), data.classes())),
      optimizer(MakeOptimizer(configuration.proto.optimizer())),
      layout(LayOutParameters(graph, configuration, optimizer->weight_decay())) {}

Trained CudaProblem::Train(const Training& training) const {
  Trained trained;
  RunThreads(training.world, [&](Communicator& communicator) {
    UseComputeThreads(1);
    const int rank = communicator.rank(), world = communicator.size();
    const int64_t all = training.micro_batches > 0 ? training.micro_batches : world;
    const int64_t local = all / world;
    const int64_t rows = kBatch / (training.busy > 0 ? training.busy : all);
    const auto rows_of = [&](int64_t micro_batch) {
      return training.busy > 0 && micro_batch >= training.busy ? 0 : rows;
    };
    const int64_t steps_per_epoch = sampler.train_size() / kBatch;
    const auto request = [=](int64_t i) {
      const int64_t step = i / local;
      const int64_t micro_batch = rank * local + i % local;
      return Slice{
          .epoch = step / steps_per_epoch,
          .position = step % steps_per_epoch * kBatch + std::min(micro_batch * rows, kBatch),
          .count = rows_of(micro_batch)};
    };
    ParameterArena parameters(layout);
    parameters.Initialize(9);
    if (training.poison) training.poison(rank, parameters);
    const auto executor = MakeExecutor(*this, training, parameters, communicator,
                                       {.seed = 1,
                                        .row_counts = {rows_of(rank * local)},
                                        .micro_batches = local,
                                        .reproducible = training.reproducible,
                                        .sync_batch_norm = training.sync_batch_norm,
                                        .clip_norm = training.clip_norm,
                                        .bucket_bytes = training.bucket_bytes,
                                        .wire = training.wire,
                                        .shards_optimizer = training.shards});
    executor->Upload();
    Loader loader(data, sampler, request, 0, 0);
    const auto note = [&](const std::optional<StepOutcome>& outcome) {
      if (outcome && rank == 0) trained.outcomes.push_back(*outcome);
    };
    for (int64_t step = 0; step < training.steps; ++step) {
      std::vector<Slice> slices;
      for (int64_t i = 0; i < local; ++i) slices.push_back(request(step * local + i));
      note(executor->Step(loader, slices,
                          {.step = step + 1,
                           .learning_rate = 0.1,
                           .compare_replicas = step + 1 == training.compare_at}));
    }
    while (const auto outcome = executor->NextOutcome()) note(outcome);
    executor->Download();
    if (training.at_end) training.at_end(communicator, *executor, parameters);
    if (rank != 0) return;
    trained.parameters.assign(parameters.trainable().begin(), parameters.trainable().end());
  });
  return trained;
}

}  // namespace seve::testing
