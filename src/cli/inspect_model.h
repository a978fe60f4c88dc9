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

// Stands for the number of samples before data are read: neither shapes nor the batch's cut depend
// on it.
inline constexpr int64_t kManySamples = int64_t{1} << 40;

// Bytes that a rank needs for training, without the batches themselves and what CUDA, NCCL and MPI
// take.
struct RankMemory {
  double parameters = 0, gradients = 0, optimizer = 0;
  double activations = 0;  // and their gradients, of a micro-batch

  // Besides, on rank 0 while a checkpoint is written behind training: its copy.
  double checkpoint = 0;

  [[nodiscard]] double total() const { return parameters + gradients + optimizer + activations; }
};

class ModelInspection {
 public:
  // Needs the shapes of the data, not the data. Throws Error(kUsage) like training would.
  ModelInspection(Configuration configuration, const std::string& data_root, int ranks);

  // Layers, shapes, parameters, FLOPs, memory of a rank, gradient buckets; with `all` each copy of
  // a repeated layer and every parameter of a bucket by itself.
  [[nodiscard]] std::string Text(const Terminal& terminal, bool all) const;
  // The graph in Graphviz' language.
  [[nodiscard]] std::string Dot() const;
  [[nodiscard]] RankMemory Memory() const;
  [[nodiscard]] int64_t parameters() const { return layout_.Count(); }

 private:
  [[nodiscard]] std::string Layers(const Terminal& terminal, bool all) const;
  [[nodiscard]] std::string Operations(bool all) const;
  [[nodiscard]] std::string MemoryText() const;
  [[nodiscard]] std::string Buckets(bool all) const;

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
