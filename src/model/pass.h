// A forward pass over a fixed number of samples, for evaluation: host memory in, host memory out,
// wherever it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "data/dataset.h"
#include "layers/loss.h"

namespace seve {

class Pass {
 public:
  virtual ~Pass() = default;
  [[nodiscard]] virtual int64_t rows() const = 0;
  // Where a batch is gathered, in the order of the data's fields. A field nobody reads is absent.
  [[nodiscard]] virtual const Batch& inputs() const = 0;
  // The sums of the losses over the batch that lies in inputs().
  virtual LossSums Run(int64_t position) = 0;
  // Of the latest Run, float32: what the first loss scores, (N, outputs), and what it compares
  // that with.
  [[nodiscard]] virtual const Tensor& scores() const = 0;
  [[nodiscard]] virtual const Tensor& target() const = 0;
};

using PassMaker = std::function<std::unique_ptr<Pass>(int64_t rows)>;

}  // namespace seve
