// What a configuration's model is made of and what it costs, before anything is trained.
#pragma once

#include <memory>
#include <string>

#include "base/terminal.h"
#include "config/load.h"
#include "data/registry.h"
#include "model/graph.h"
#include "model/parameter_layout.h"
#include "optim/optimizer.h"

namespace seve {

class ModelInspection {
 public:
  // Needs the shapes of the data, not the data. Throws Error(kUsage) like training would.
  ModelInspection(Configuration configuration, const std::string& data_root, int ranks);

  // Layers, shapes, parameters, FLOPs, memory of a rank, gradient buckets.
  [[nodiscard]] std::string Text(const Terminal& terminal) const;
  // The graph in Graphviz' language.
  [[nodiscard]] std::string Dot() const;

 private:
  [[nodiscard]] std::string Layers(const Terminal& terminal) const;
  [[nodiscard]] std::string Operations() const;
  [[nodiscard]] std::string Memory() const;
  [[nodiscard]] std::string Buckets() const;

  Configuration configuration_;
  DataShape data_;
  Graph graph_;
  std::unique_ptr<Optimizer> optimizer_;
  ParameterLayout layout_;
  int ranks_;
  int64_t rows_;  // of a micro-batch
  int gradient_arenas_;
};

}  // namespace seve
