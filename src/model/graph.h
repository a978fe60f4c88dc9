// The model as a graph: values (data fields and layer outputs), the layers between them in the
// order they run, and the losses that score them. Shapes are those of one sample.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/load.h"
#include "data/dataset.h"
#include "layers/layer.h"
#include "layers/loss.h"

namespace seve {

struct Value {
  std::string name;  // of the data field or the layer
  DType dtype = DType::kFloat32;
  Shape shape;
  int producer = -1;  // index of the node that writes it; -1: a field of the data
};

struct Node {
  std::string name;
  std::unique_ptr<Layer> layer;
  std::vector<int> inputs;  // values
  int output = 0;           // value
};

struct LossNode {
  std::unique_ptr<Loss> loss;
  int scores = 0;  // value
  int target = 0;  // value
  float weight = 1;
};

struct Graph {
  std::vector<Value> values;  // the data's fields first, in their order
  std::vector<Node> nodes;    // every node after the producers of its inputs
  std::vector<LossNode> losses;
  size_t fields = 0;  // number of data fields among the values

  // The value's own memory's owner: follows layers that only give it another shape.
  [[nodiscard]] int Root(int value) const;
  [[nodiscard]] int64_t FlopsPerSample() const;  // of a forward pass
  // The field "input" of the data, which is always there.
  [[nodiscard]] const Value& Input() const;
};

// Throws Error(kUsage), located in the configuration: unknown input, cycle, shape mismatch, head
// units against classes, a layer that nothing reads.
Graph BuildGraph(const Configuration& configuration, const std::vector<FieldSpec>& fields,
                 int64_t classes);

// Throws Error(kUsage) naming the first layer that `reproducible` cannot have, and why. BuildGraph
// asks where the configuration is reproducible.
void CheckReproducible(const Graph& graph, const Configuration& configuration);

}  // namespace seve
