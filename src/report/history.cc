#include "report/history.h"

#include <algorithm>

#include "report/metrics_replay.h"

namespace seve {
namespace {

// Of the items for which figure(item) is there.
template <typename Event, typename Figure>
Curve CurveOf(const std::vector<Event>& events, Figure figure) {
  Curve curve;
  for (const Event& event : events) {
    const std::optional<double> value = figure(event);
    if (!value) continue;
    curve.epoch.push_back(event.epoch);
    curve.value.push_back(*value);
  }
  return curve;
}

}  // namespace

History History::Read(const std::string& path, std::optional<int64_t> up_to_step) {
  History history;
  ReplayMetrics(path, up_to_step, history);
  return history;
}

void History::OnStart(const RunSummary& summary) {
  start_ = summary;
  end_.reset();
}

void History::OnStep(const StepEvent& event) {
  if (event.log) steps_.push_back(event);
}

void History::OnEvaluation(const EvaluationEvent& event) {
  const auto before = std::find_if(evaluations_.rbegin(), evaluations_.rend(),
                                   [&](const auto& other) { return other.split == event.split; });
  if (before != evaluations_.rend()) before->confusion.reset();
  evaluations_.push_back(event);
}

const EvaluationEvent* History::Latest(const std::string& split) const {
  const auto found = std::find_if(evaluations_.rbegin(), evaluations_.rend(),
                                  [&](const auto& event) { return event.split == split; });
  return found == evaluations_.rend() ? nullptr : &*found;
}

const EvaluationEvent* History::Best() const {
  const auto found = std::find_if(evaluations_.rbegin(), evaluations_.rend(),
                                  [](const auto& event) { return event.improved; });
  return found == evaluations_.rend() ? nullptr : &*found;
}

std::vector<std::string> History::Figures() const {
  std::vector<std::string> figures;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(figures, name) == figures.end()) figures.push_back(name);
  };
  for (const EvaluationEvent& event : evaluations_) {
    add("loss");
    if (event.accuracy) add("accuracy");
    for (const Metric& metric : event.metrics) add(metric.name);
  }
  return figures;
}

Curve History::Evaluated(const std::string& split, const std::string& figure) const {
  return CurveOf(evaluations_, [&](const EvaluationEvent& event) {
    return event.split == split ? FigureOf(event, figure) : std::nullopt;
  });
}

Curve History::Training(const std::string& figure) const {
  const auto of = [&](const auto& loss, const auto& accuracy) -> std::optional<double> {
    if (figure == "loss") return loss;
    return figure == "accuracy" ? accuracy : std::nullopt;
  };
  Curve curve = CurveOf(evaluations_, [&](const EvaluationEvent& event) {
    return of(event.train_loss, event.train_accuracy);
  });
  if (curve.epoch.empty()) curve = Evaluated("train", figure);
  if (!curve.epoch.empty()) return curve;
  return CurveOf(steps_, [&](const StepEvent& event) { return of(event.loss, event.accuracy); });
}

Curve History::LearningRate() const {
  return CurveOf(steps_, [](const StepEvent& event) { return std::optional(event.learning_rate); });
}

Curve History::SamplesPerSecond() const {
  return CurveOf(steps_,
                 [](const StepEvent& event) { return std::optional(event.samples_per_second); });
}

double History::epoch() const {
  double latest = 0;
  if (!steps_.empty()) latest = steps_.back().epoch;
  if (!evaluations_.empty()) latest = std::max(latest, evaluations_.back().epoch);
  return end_ ? std::max(latest, end_->epoch) : latest;
}

double History::seconds() const {
  double latest = 0;
  if (!steps_.empty()) latest = steps_.back().seconds;
  if (!evaluations_.empty()) latest = std::max(latest, evaluations_.back().seconds);
  return end_ ? std::max(latest, end_->seconds) : latest;
}

std::optional<double> FigureOf(const EvaluationEvent& evaluation, const std::string& figure) {
  if (figure == "loss") return evaluation.loss;
  if (figure == "accuracy") return evaluation.accuracy;
  for (const Metric& metric : evaluation.metrics) {
    if (metric.name == figure) return metric.value;
  }
  return std::nullopt;
}

}  // namespace seve
