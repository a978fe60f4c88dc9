#include "train/make_executor.h"

#include "config/precision.h"
#include "model/cpu_executor.h"
#include "model/cuda_executor.h"
#include "train/dumper.h"

namespace seve {

std::unique_ptr<Executor> MakeExecutor(const Setup& setup, const BatchGeometry& geometry,
                                       const Context& context, const ParameterArena& parameters) {
  const auto& config = setup.configuration.proto;
  const ExecutorOptions options{
      .seed = config.seed(),
      .row_counts = geometry.RowCounts(),
      .micro_batches = geometry.local_micro_batches(),
      .reproducible = config.reproducible(),
      .sync_batch_norm = config.batch().sync_batch_norm(),
      .clip_norm = config.optimizer().clip_norm(),
      .bucket_bytes = BucketBytes(config),
      .wire =
          config.reduction().wire() == config::Reduction::BF16 ? Wire::kBfloat16 : Wire::kFloat32,
      .shards_optimizer = config.distribution() == config::ZERO_1,
      .captures = context.dumper == nullptr ? nullptr : context.dumper->captures()};
  if (context.device.cuda) {
    return MakeCudaExecutor(setup.graph, setup.layout, parameters, *setup.optimizer,
                            context.communicator, *setup.data.train, setup.sampler, options,
                            {.ordinal = context.device.ordinal,
                             .precision = PrecisionOf(config),
                             .eager = config.gpu().execution() == config::EAGER,
                             .shared_gpu = context.device.shared});
  }
  return std::make_unique<CpuExecutor>(setup.graph, setup.layout, parameters, *setup.optimizer,
                                       context.communicator, options);
}

}  // namespace seve
