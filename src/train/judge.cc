#include "train/judge.h"

#include "base/clock.h"
#include "model/cpu_pass.h"
#include "train/figures.h"

namespace seve {
namespace {

std::optional<ScoreCounts> MakeCounts(const Setup& setup) {
  if (!IsClassification(setup.graph)) return std::nullopt;
  return ScoreCounts(ClassesOf(setup.graph), TopCounts(setup.configuration.proto.evaluation()));
}

}  // namespace

const char* NameOf(Split split) {
  switch (split) {
    case Split::kTrain:
      return "train";
    case Split::kValidation:
      return "validation";
    case Split::kTest:
      return "test";
  }
  return "?";
}

double Judgement::Figure(const std::string& name) const {
  if (name == "loss") return sums.loss;
  if (name == "accuracy") return sums.accuracy;
  for (const auto& metric : metrics) {
    if (metric.name == name) return metric.value;
  }
  Check(false, "a figure is followed that no evaluation computes");
  return 0;
}

Judge::Judge(const Setup& setup, const ParameterArena& parameters, Communicator& communicator,
             PassMaker passes)
    : setup_(setup),
      communicator_(communicator),
      counts_(MakeCounts(setup)),
      evaluator_(passes ? std::move(passes) : CpuPasses(setup.graph, setup.layout, parameters),
                 setup.layout, parameters, setup.configuration.proto.evaluation().batch_size()) {
  if (counts_) evaluator_.Count(&*counts_);
}

Judgement Judge::Run(Split split) {
  const auto& evaluation = setup_.configuration.proto.evaluation();
  const Stopwatch watch;
  Judgement judgement{.split = split,
                      .sums = evaluator_.Run(Data(split), Samples(split), Index(split),
                                             communicator_, evaluation.on() == config::RANK_0),
                      .metrics = {},
                      .confusion = {}};
  if (counts_) {
    judgement.metrics = MetricsOf(evaluation, *counts_, judgement.sums.samples);
    const auto table = counts_->confusion();
    if (!table.empty()) {
      judgement.confusion = {ClassNames(), {table.begin(), table.end()}};
    }
  }
  judgement.seconds = watch.Seconds();
  return judgement;
}

std::vector<std::string> Judge::ClassNames() const {
  auto names = setup_.data.train->ClassNames();
  for (int64_t c = std::ssize(names); c < ClassesOf(setup_.graph); ++c) {
    names.push_back(std::to_string(c));
  }
  return names;
}

const Dataset& Judge::Data(Split split) const {
  return split == Split::kTest ? *setup_.data.test : *setup_.data.train;
}

int64_t Judge::Samples(Split split) const {
  switch (split) {
    case Split::kTrain:
      return setup_.sampler.train_size();
    case Split::kValidation:
      return setup_.sampler.validation_size();
    case Split::kTest:
      return setup_.data.test->size();
  }
  return 0;
}

std::function<int64_t(int64_t)> Judge::Index(Split split) const {
  switch (split) {
    case Split::kTrain:
      return [this](int64_t position) { return setup_.sampler.Train(0, position); };
    case Split::kValidation:
      return [this](int64_t position) { return setup_.sampler.Validation(position); };
    case Split::kTest:
      break;
  }
  return [](int64_t position) { return position; };
}

}  // namespace seve
