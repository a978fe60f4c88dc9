// What a run shows besides its figures: the model itself, statistics of parameters, predictions,
// the loss around the way it took.
#pragma once

#include <memory>
#include <optional>

#include "model/arenas.h"
#include "model/executor.h"
#include "train/batch_geometry.h"
#include "train/context.h"
#include "train/judge.h"
#include "train/loss_surface.h"
#include "train/pace.h"
#include "train/prediction_collector.h"
#include "train/reporter.h"

namespace seve {

class Exhibits {
 public:
  // All that is referred to must outlive it.
  Exhibits(const Setup& setup, const BatchGeometry& geometry, const Context& context,
           const ParameterArena& parameters, Executor& executor, const Reporter& reporter);

  // The model as it is; `last`: at the end of the run.
  void Model(const Moment& now, bool last = false);
  // Does Step() look at the parameters after this step? The same on every rank.
  [[nodiscard]] bool LooksAt(int64_t step) const;
  // After such a step; `weight`: the samples of its global batch.
  void Step(const Moment& now, double weight);

  // Watches the evaluations of a split at the end; null where no pictures are wanted.
  [[nodiscard]] std::unique_ptr<PredictionCollector> Collect(Judge& judge, Split split) const;
  // Tells of what it kept. Collective.
  void Predictions(const Moment& now, const PredictionCollector& collector,
                   const Judgement& judgement) const;
  void Surface() const;

 private:
  [[nodiscard]] bool HasStatisticsOf(int64_t step) const;
  [[nodiscard]] bool IsRoot() const { return context_.communicator.rank() == 0; }
  [[nodiscard]] const config::Reporting& settings() const {
    return setup_.configuration.proto.reporting();
  }

  const Setup& setup_;
  const Context& context_;
  const ParameterArena& parameters_;
  Executor& executor_;
  const Reporter& reporter_;
  std::optional<Pace> statistics_pace_;
  std::optional<LossSurface> surface_;
};

}  // namespace seve
