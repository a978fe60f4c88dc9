#include "train/training_testing.h"

#include <algorithm>
#include <iterator>

#include "comm/solo/solo_communicator.h"
#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "train/dumper.h"
#include "train/tracer.h"
#include "train/weight_average.h"

namespace seve {
namespace {

constexpr const char* kConfiguration = R"(
data { digits { train: 1000 test: 200 } }
batch { size: 48 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 32 activation: RELU } }
  layer { dropout { rate: 0.1 } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.1 momentum: 0.9 } schedule { cosine {} warm_up_epochs: 0.5 } }
epochs: 6
)";

}  // namespace

Setup MakeSetup(const std::vector<std::string>& sets) {
  return {ParseConfiguration(kConfiguration, "test.textproto", sets), ""};
}

Recorder Train(const std::string& directory, const TrainOptions& options) {
  Recorder recorder;
  const Setup setup = MakeSetup(options.sets);
  RunThreads(options.world, [&](Communicator& communicator) {
    UseComputeThreads(1);
    const BatchGeometry geometry(setup.configuration, communicator.size(), communicator.rank(),
                                 setup.sampler.train_size());
    const Logger logger(communicator.rank());
    Context context{communicator, logger, {}, options.files};
    if (communicator.rank() == 0) context.observers.push_back(&recorder);
    std::vector<DumpRequest> requests;
    for (const auto& text : options.dumps) {
      requests.push_back(ParseDumpRequest(text, setup.graph, setup.layout,
                                          TotalSteps(setup.configuration.proto, geometry)));
    }
    Dumper dumper(std::move(requests), setup, context, directory + "/dumps");
    if (!options.dumps.empty()) context.dumper = &dumper;
    Tracer tracer(options.trace, context);
    context.tracer = &tracer;
    Trainer trainer(setup, geometry, context, directory);
    if (options.resume != nullptr) {
      trainer.Resume(communicator.rank() == 0 ? options.resume : nullptr);
    }
    (void)trainer.Run();
  });
  return recorder;
}

std::vector<float> Weights(const LoadedCheckpoint& checkpoint) {
  std::vector<float> values;
  for (const auto& [name, tensor] : checkpoint.model.tensors) {
    std::ranges::copy(tensor.Flat<float>(), std::back_inserter(values));
  }
  return values;
}

Judgement JudgeAlone(const LoadedCheckpoint& checkpoint, Split split,
                     const std::vector<std::string>& sets) {
  UseComputeThreads(1);
  const Setup setup = MakeSetup(sets);
  const ParameterArena parameters(setup.layout);
  RestoreModel(checkpoint, setup.layout, parameters);
  const auto communicator = MakeSoloCommunicator();
  return Judge(setup, parameters, *communicator).Run(split);
}

LoadedCheckpoint Latest(const std::string& directory) {
  return CheckpointStore(directory + "/checkpoints", 2).Read("latest");
}

}  // namespace seve
