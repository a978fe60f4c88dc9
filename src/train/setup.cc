#include "train/setup.h"

#include <fmt/format.h>

#include "optim/registry.h"

namespace seve {

Setup::Setup(Configuration given, const std::string& data_root)
    : configuration(std::move(given)),
      data(OpenData(configuration.proto.data(), data_root)),
      sampler(data.train->size(), configuration.proto.data().validation_fraction(),
              configuration.proto.seed()),
      graph(BuildGraph(configuration, data.train->Fields(), data.train->classes())),
      optimizer(MakeOptimizer(configuration.proto.optimizer())),
      schedule(MakeSchedule(configuration.proto.optimizer().schedule())),
      layout(LayOutParameters(graph, configuration, optimizer->weight_decay())) {}

std::string Setup::DescribeOptimizer() const {
  std::string text(optimizer->kind());
  if (optimizer->weight_decay() != 0) {
    text += fmt::format(", weight decay {:g}", optimizer->weight_decay());
  }
  const auto& message = configuration.proto.optimizer();
  if (message.has_clip_norm())
    text += fmt::format(", gradients clipped at {:g}", message.clip_norm());
  return text;
}

double Setup::LearningRate(int64_t batch) const {
  const auto& message = configuration.proto.optimizer();
  const double rate = BaseLearningRate(message);
  if (!message.has_reference_batch_size()) return rate;
  return rate * static_cast<double>(batch) / message.reference_batch_size();
}

}  // namespace seve
