#include "train/setup.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <vector>

#include "config/metric_names.h"
#include "optim/registry.h"
#include "train/figures.h"
#include "train/located_in_data.h"
#include "train/loss_surface.h"

namespace seve {
namespace {

// "momentum 0.9", "nesterov true": what the message sets besides the learning rate, which is shown
// with its schedule.
std::vector<std::string> SettingsGiven(const google::protobuf::Message& message) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> settings;
  for (const auto* field : fields) {
    if (field->name() == "learning_rate") continue;
    std::string name = field->name(), value;
    std::ranges::replace(name, '_', ' ');
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, -1, &value);
    settings.push_back(name + " " + value);
  }
  return settings;
}

// The fraction is positive, as the configuration was checked, but may come to no sample.
void CheckValidates(const Configuration& configuration, const Sampler& sampler) {
  const auto& config = configuration.proto;
  const bool follows = config.evaluation().restore_best() || !MonitorsOf(config).empty();
  if (!follows || sampler.validation_size() > 0) return;
  ThrowUsage(fmt::format(
      "{}: data.validation_fraction {} of {} samples is none, but early stopping, plateaus and "
      "the best checkpoint follow them: raise it",
      configuration.source.Where("data.validation_fraction"), config.data().validation_fraction(),
      sampler.train_size()));
}

}  // namespace

Setup::Setup(Configuration given, const std::string& root)
    : configuration(std::move(given)),
      data_root(root),
      data(LocatedInData(configuration,
                         [&] { return OpenData(configuration.proto.data(), data_root); })),
      sampler(data.train->size(), configuration.proto.data().validation_fraction(),
              configuration.proto.seed()),
      graph(BuildGraph(configuration, data.train->Fields(), data.train->classes())),
      optimizer(MakeOptimizer(configuration.proto.optimizer())),
      schedule(MakeSchedule(configuration.proto.optimizer().schedule())),
      layout(LayOutParameters(graph, configuration, optimizer->weight_decay())) {
  CheckValidates(configuration, sampler);
  CheckFigures(configuration, graph);
  CheckSurface(configuration, layout);
}

std::string Setup::DescribeOptimizer() const {
  const auto& message = configuration.proto.optimizer();
  const auto* reflection = message.GetReflection();
  const auto* kind = reflection->GetOneofFieldDescriptor(
      message, message.GetDescriptor()->FindOneofByName("kind"));
  std::string text(optimizer->kind());
  for (const auto& setting : SettingsGiven(reflection->GetMessage(message, kind))) {
    text += ", " + setting;
  }
  if (message.has_clip_norm())
    text += fmt::format(", gradients clipped at {:g}", message.clip_norm());
  if (configuration.proto.distribution() == config::ZERO_1) text += ", a share on each rank";
  if (message.has_average())
    text += fmt::format(", weights averaged with decay {:g}", message.average().decay());
  return text;
}

double Setup::LearningRate(int64_t batch) const {
  const auto& message = configuration.proto.optimizer();
  const double rate = BaseLearningRate(message);
  if (!message.has_reference_batch_size()) return rate;
  return rate * static_cast<double>(batch) / message.reference_batch_size();
}

uint64_t HashOfModel(const Setup& setup) {
  std::string text = fmt::format("{}\n", setup.layout.Hash());
  for (const auto& node : setup.graph.nodes) {
    text += fmt::format("{} {} {}\n", node.name, node.layer->kind(), fmt::join(node.inputs, " "));
  }
  return NameHash(text);
}

size_t BucketBytes(const config::Config& config) {
  return static_cast<size_t>(config.reduction().bucket_mib() * (1 << 20));
}

}  // namespace seve
