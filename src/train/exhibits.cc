#include "train/exhibits.h"

#include "train/filter_responses.h"
#include "train/statistics.h"

namespace seve {

Exhibits::Exhibits(const Setup& setup, const BatchGeometry& geometry, const Context& context,
                   const ParameterArena& parameters, Executor& executor, const Reporter& reporter)
    : setup_(setup),
      context_(context),
      parameters_(parameters),
      executor_(executor),
      reporter_(reporter) {
  if (settings().has_statistics()) {
    statistics_pace_ = PaceOf(settings().statistics(), geometry.steps_per_epoch());
  }
  if (settings().surface()) surface_.emplace(setup);
}

void Exhibits::Model(const Moment& now, bool last) {
  if (!IsRoot()) return;
  // The start of the way, also of a run that goes on; each step adds its end.
  if (surface_ && !surface_->HasBegun()) surface_->Add(parameters_);
  reporter_.Tell(&RunObserver::OnModel, ModelEvent{.step = now.step,
                                                   .epoch = now.epoch,
                                                   .seconds = reporter_.Seconds(),
                                                   .last = last,
                                                   .graph = setup_.graph,
                                                   .layout = setup_.layout,
                                                   .parameters = parameters_});
}

bool Exhibits::HasStatisticsOf(int64_t step) const {
  return statistics_pace_ && (step == 1 || statistics_pace_->Due(step));
}

bool Exhibits::LooksAt(int64_t step) const { return surface_ || HasStatisticsOf(step); }

void Exhibits::Step(const Moment& now, double weight) {
  if (!IsRoot()) return;
  if (surface_) surface_->Add(parameters_);
  if (!HasStatisticsOf(now.step)) return;
  reporter_.Tell(&RunObserver::OnStatistics,
                 StatisticsEvent{
                     .step = now.step,
                     .epoch = now.epoch,
                     .seconds = reporter_.Seconds(),
                     .parameters = StatisticsOf(setup_.graph, setup_.layout, parameters_, executor_,
                                                1 / weight, settings().statistics().bins())});
}

std::unique_ptr<PredictionCollector> Exhibits::Collect(Judge& judge, Split split) const {
  if (settings().pictures() == config::NO_PICTURES) return nullptr;
  return std::make_unique<PredictionCollector>(setup_, judge, split,
                                               PredictionCollector::ForPictures(setup_.graph));
}

void Exhibits::Predictions(const Moment& now, const PredictionCollector& collector,
                           const Judgement& judgement) const {
  PredictionsEvent event = collector.Gather(context_.communicator);
  if (!IsRoot()) return;
  event.step = now.step;
  event.epoch = now.epoch;
  event.confusion = judgement.confusion;
  event.responses = ResponsesTo(event.random, setup_.graph, setup_.layout, parameters_);
  reporter_.Tell(&RunObserver::OnPredictions, event);
}

void Exhibits::Surface() const {
  if (!surface_ || !IsRoot()) return;
  reporter_.Tell(&RunObserver::OnSurface, surface_->Evaluate(parameters_));
}

}  // namespace seve
