// The loss of a model of two parameters around the way that training took.
#pragma once

#include <vector>

#include "model/arenas.h"
#include "train/events.h"
#include "train/setup.h"

namespace seve {

// Throws Error(kUsage), located, where reporting.surface is asked for and the model has another
// number of trained parameters than two.
void CheckSurface(const Configuration& configuration, const ParameterLayout& layout);

class LossSurface {
 public:
  // The setup has passed CheckSurface and outlives it.
  explicit LossSurface(const Setup& setup);

  // Another point of the way.
  void Add(const ParameterArena& parameters);
  [[nodiscard]] bool HasBegun() const { return !path_x_.empty(); }
  // Evaluates the loss over the training samples on a grid around the way, which has begun. Not
  // collective.
  [[nodiscard]] SurfaceEvent Evaluate(const ParameterArena& parameters) const;

 private:
  const Setup& setup_;
  std::vector<size_t> offsets_;  // of the two in the trainable arena
  std::vector<std::string> names_;
  std::vector<double> path_x_, path_y_;
};

}  // namespace seve
