#include "train/make_executor.h"

#include "model/cpu_executor.h"
#include "model/cuda_executor.h"
#include "train/dumper.h"

namespace seve {
namespace {

Precision PrecisionOf(config::Precision precision) {
  switch (precision) {
    case config::FP32:
      return Precision::kFp32;
    case config::TF32:
      return Precision::kTf32;
    case config::BF16:
      return Precision::kBf16;
    case config::FP16:
      return Precision::kFp16;
  }
  return Precision::kFp32;
}

}  // namespace

std::unique_ptr<Executor> MakeExecutor(const Setup& setup, const BatchGeometry& geometry,
                                       const Context& context, const ParameterArena& parameters) {
  const auto& config = setup.configuration.proto;
  const ExecutorOptions options{
      .seed = config.seed(),
      .row_counts = geometry.RowCounts(),
      .micro_batches = geometry.local_micro_batches(),
      .reproducible = config.reproducible(),
      .clip_norm = config.optimizer().clip_norm(),
      .captures = context.dumper == nullptr ? nullptr : context.dumper->captures()};
  if (context.device.cuda) {
    return MakeCudaExecutor(setup.graph, setup.layout, parameters, *setup.optimizer,
                            context.communicator, *setup.data.train, setup.sampler, options,
                            {.ordinal = context.device.ordinal,
                             .precision = PrecisionOf(config.precision()),
                             .eager = config.gpu().execution() == config::EAGER,
                             .shared_gpu = context.device.shared});
  }
  return std::make_unique<CpuExecutor>(setup.graph, setup.layout, parameters, *setup.optimizer,
                                       context.communicator, options);
}

}  // namespace seve
