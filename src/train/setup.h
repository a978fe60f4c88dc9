// Everything a run needs that follows from its configuration alone: data, order of samples, graph,
// layout of parameters, update rule. The same on every rank.
#pragma once

#include <memory>
#include <string>

#include "config/load.h"
#include "data/registry.h"
#include "data/sampler.h"
#include "model/graph.h"
#include "model/parameter_layout.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace seve {

class Setup {
 public:
  // root: --data, else $SEVE_DATA, else "". Throws Error(kUsage) or Error(kData).
  Setup(Configuration configuration, const std::string& root);

  // The update rule and the settings given: "sgd, momentum 0.9, weight decay 0.0003".
  [[nodiscard]] std::string DescribeOptimizer() const;
  // The learning rate before the schedule's factor, the scaling rule applied.
  [[nodiscard]] double LearningRate(int64_t batch) const;

  const Configuration configuration;
  const std::string data_root;
  const DataSets data;
  const Sampler sampler;
  const Graph graph;
  const std::unique_ptr<Optimizer> optimizer;
  const std::unique_ptr<Schedule> schedule;
  const ParameterLayout layout;
};

// The same for configurations that train one model, whatever its data, batch and optimizer: of
// layers, shapes and names.
[[nodiscard]] uint64_t HashOfModel(const Setup& setup);

// Of the larger gradient buckets.
[[nodiscard]] size_t BucketBytes(const config::Config& config);

}  // namespace seve
