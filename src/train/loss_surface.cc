#include "train/loss_surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "comm/solo/solo_communicator.h"
#include "model/cpu_pass.h"
#include "model/evaluator.h"

namespace seve {
namespace {

constexpr size_t kGrid = 61;  // points along each axis
// The loss is that of so many training samples: the others wait while rank 0 draws.
constexpr int64_t kMostSamples = 10000;
constexpr double kMargin = 0.3;  // of the way's extent, around it
// A way that diverges is followed to this many times the distance between its first and its best
// point.
constexpr double kFarthest = 1.5;

// Of the way, among which its lowest one is looked for: each is a pass over the training samples.
constexpr size_t kMostPoints = 1000;

struct Range {
  double low, high;
};

Range Around(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  const double extent = std::max(high - low, 1e-3 + 0.1 * std::abs(low));
  return {low - kMargin * extent, high + kMargin * extent};
}

std::vector<double> Steps(const Range& range) {
  std::vector<double> steps;
  for (size_t i = 0; i < kGrid; ++i) {
    steps.push_back(range.low + (range.high - range.low) * static_cast<double>(i) / (kGrid - 1));
  }
  return steps;
}

// The loss as a function of the two parameters.
class LossAt {
 public:
  LossAt(const Setup& setup, const ParameterArena& parameters, const std::vector<size_t>& offsets)
      : setup_(setup),
        offsets_(offsets),
        parameters_(setup.layout),
        communicator_(MakeSoloCommunicator()),
        evaluator_(CpuPasses(setup.graph, setup.layout, parameters_), setup.layout, parameters_,
                   setup.configuration.proto.evaluation().batch_size()) {
    std::ranges::copy(parameters.frozen(), parameters_.frozen().begin());
    std::ranges::copy(parameters.trainable(), parameters_.trainable().begin());
  }

  double operator()(double x, double y) {
    parameters_.trainable()[offsets_[0]] = static_cast<float>(x);
    parameters_.trainable()[offsets_[1]] = static_cast<float>(y);
    const auto index = [this](int64_t position) { return setup_.sampler.Train(0, position); };
    const int64_t samples = std::min(setup_.sampler.train_size(), kMostSamples);
    return evaluator_.Run(*setup_.data.train, samples, index, *communicator_, true).loss;
  }

 private:
  const Setup& setup_;
  const std::vector<size_t>& offsets_;
  ParameterArena parameters_;
  std::unique_ptr<Communicator> communicator_;
  Evaluator evaluator_;
};

}  // namespace

void CheckSurface(const Configuration& configuration, const ParameterLayout& layout) {
  if (!configuration.proto.reporting().surface() || layout.TrainableCount() == 2) return;
  ThrowUsage(fmt::format(
      "{}: a loss surface is drawn for models with two trained parameters, but this one has {}",
      configuration.source.Where("reporting.surface"), layout.TrainableCount()));
}

LossSurface::LossSurface(const Setup& setup) : setup_(setup) {
  for (const auto& parameter : setup.layout.parameters) {
    for (size_t i = 0; parameter.Learns() && i < parameter.count; ++i) {
      offsets_.push_back(parameter.offset + i);
      names_.push_back(parameter.count == 1 ? parameter.name
                                            : fmt::format("{}[{}]", parameter.name, i));
    }
  }
}

void LossSurface::Add(const ParameterArena& parameters) {
  path_x_.push_back(static_cast<double>(parameters.trainable()[offsets_[0]]));
  path_y_.push_back(static_cast<double>(parameters.trainable()[offsets_[1]]));
}

SurfaceEvent LossSurface::Evaluate(const ParameterArena& parameters) const {
  LossAt loss(setup_, parameters, offsets_);
  const auto distance = [this](size_t i) {
    return std::hypot(path_x_[i] - path_x_[0], path_y_[i] - path_y_[0]);
  };
  size_t best = 0;
  double lowest = loss(path_x_[0], path_y_[0]);
  const size_t stride = 1 + path_x_.size() / kMostPoints;
  for (size_t i = stride; i < path_x_.size(); i += stride) {
    const double here = loss(path_x_[i], path_y_[i]);
    if (!(here < lowest)) continue;
    lowest = here;
    best = i;
  }
  std::vector<double> near_x, near_y;
  for (size_t i = 0; i < path_x_.size(); ++i) {
    if (best > 0 && distance(i) > kFarthest * distance(best)) continue;
    near_x.push_back(path_x_[i]);
    near_y.push_back(path_y_[i]);
  }
  SurfaceEvent event{.x_name = names_[0],
                     .y_name = names_[1],
                     .x = Steps(Around(near_x)),
                     .y = Steps(Around(near_y)),
                     .loss = {},
                     .path_x = path_x_,
                     .path_y = path_y_};
  for (const double y : event.y) {
    for (const double x : event.x) event.loss.push_back(loss(x, y));
  }
  return event;
}

}  // namespace seve
