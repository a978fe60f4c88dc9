// Where every parameter lives: trainable ones in one arena, in the order in which backward finishes
// their gradients, and behind them running statistics, which are there before backward begins;
// frozen ones in another arena that has no gradients. Offsets and counts are in floats.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "model/graph.h"

namespace seve {

struct Parameter {
  std::string name;  // "hidden.weight"
  ParameterSpec spec;
  int node = 0;         // in Graph::nodes
  size_t index = 0;     // in Layer::Parameters()
  bool frozen = false;  // then `offset` is in the frozen arena
  size_t offset = 0;    // 256-byte aligned; padding is zero
  size_t count = 0;
  float learning_rate_scale = 1;
  float weight_decay = 0;
  float l1 = 0, l2 = 0;  // sums of the penalties that match

  [[nodiscard]] bool IsStatistic() const { return spec.role == ParameterRole::kStatistic; }
  // By the optimizer.
  [[nodiscard]] bool Learns() const { return !frozen && !IsStatistic(); }
};

// A run of the trainable arena with one setting: what is updated in one pass. Statistics are no
// business of the optimizer: they follow the mean of what the micro-batches showed, with
// `momentum`.
struct UpdateSlice {
  size_t begin = 0, end = 0;
  float learning_rate_scale = 1;
  float weight_decay = 0;
  ParameterRole role = ParameterRole::kLearned;
  float momentum = 0;
};

struct ParameterLayout {
  std::vector<Parameter> parameters;  // trainable ones in arena order, then frozen ones
  std::vector<UpdateSlice> slices;
  // All padded. Of the trainable ones, the first learned_floats are the optimizer's, the others
  // statistics.
  size_t learned_floats = 0;
  size_t trainable_floats = 0;
  size_t frozen_floats = 0;

  // Values, without padding: all but statistics, those that are trained, the statistics.
  [[nodiscard]] int64_t Count() const;
  [[nodiscard]] int64_t TrainableCount() const;
  [[nodiscard]] int64_t StatisticCount() const;
  // Of names, shapes, order and offsets: equal on ranks and checkpoints that fit together.
  [[nodiscard]] uint64_t Hash() const;
};

// Applies the configuration's parameter groups (the later one wins, field by field), then its
// penalties. Throws Error(kUsage) when one of them matches nothing or everything is frozen.
ParameterLayout LayOutParameters(const Graph& graph, const Configuration& configuration,
                                 float default_weight_decay);

}  // namespace seve
