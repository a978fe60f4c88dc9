// Writes the tensors that --dump asks for as .npy files: of the whole global batch, in its order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/arenas.h"
#include "model/captures.h"
#include "model/executor.h"
#include "train/context.h"
#include "train/dump_request.h"
#include "train/setup.h"

namespace seve {

class Dumper {
 public:
  // `folder`: for the files, "hidden.gradient@12.npy"; rank 0 alone writes. All that is referred to
  // must outlive it.
  Dumper(std::vector<DumpRequest> requests, const Setup& setup, const Context& context,
         std::string folder);

  // Null when no activation is asked for.
  [[nodiscard]] Captures* captures() { return captures_ ? &*captures_ : nullptr; }

  // Before the first step: writes the parameters as they are after `step` steps and warns of
  // requests that a run going on from there cannot meet. Not collective.
  void Start(int64_t step, const ParameterArena& parameters);
  // Before step `step`, counted from 1.
  void Begin(int64_t step);
  // Is something of it to be written? The same on every rank.
  [[nodiscard]] bool Wants(int64_t step) const;
  // After it; `weight`: the samples of its global batch. Collective.
  void End(int64_t step, double weight, Executor& executor, const ParameterArena& parameters);

 private:
  void WriteParameters(int64_t step, const ParameterArena& parameters) const;
  void WriteCapture(const DumpRequest& request, double weight);
  void Write(const DumpRequest& request, const Tensor& tensor) const;

  const Setup& setup_;
  const Context& context_;
  std::string folder_;
  std::vector<DumpRequest> requests_;
  std::optional<Captures> captures_;
};

}  // namespace seve
