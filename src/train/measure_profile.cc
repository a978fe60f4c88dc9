#include "train/measure_profile.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "comm/solo/solo_communicator.h"
#include "train/batch_geometry.h"
#include "train/context.h"
#include "train/make_executor.h"
#include "train/make_loader.h"
#include "train/rank_times.h"

namespace seve {
namespace {

constexpr int64_t kWarmUp = 3, kLeastSteps = 5, kMostSteps = 200;
constexpr double kSeconds = 1;  // for each number of samples, at least kLeastSteps
constexpr size_t kMostIntervals = 1 << 18;
constexpr int64_t kTracedSteps = 5;  // on a GPU

// One rank whose whole batch is so many samples.
Configuration Alone(Configuration configuration, int64_t samples) {
  auto* batch = configuration.proto.mutable_batch();
  batch->set_size(static_cast<int32_t>(samples));
  batch->clear_micro_batches();
  return configuration;
}

// The shares of the backward pass after which the gradients of each layer are written.
using Readiness = std::map<std::string_view, double>;

Readiness ReadinessIn(std::span<const Trace::Interval> intervals, int64_t steps) {
  std::map<int64_t, const Trace::Interval*> backward;
  for (const auto& interval : intervals) {
    const bool phase = interval.row == Trace::Row::kPhase;
    if (phase && std::string_view(interval.name) == "backward") backward[interval.step] = &interval;
  }
  Readiness ready;
  for (const auto& interval : intervals) {
    const bool layer = interval.row == Trace::Row::kLayer;
    if (!layer || std::string_view(interval.kind) != "backward") continue;
    const auto found = backward.find(interval.step);
    if (found == backward.end()) continue;
    const auto within = static_cast<double>(interval.end - found->second->begin);
    const auto whole = static_cast<double>(found->second->end - found->second->begin);
    ready[interval.name] += within / whole / static_cast<double>(steps);
  }
  return ready;
}

// Those of each layer, in the order in which backward writes them; statistics travel with the last.
std::vector<GradientSlice> Slices(const Setup& setup, const Readiness& ready) {
  std::vector<GradientSlice> slices;
  int node = -1;
  for (const auto& parameter : setup.layout.parameters) {
    if (parameter.frozen) continue;
    if (parameter.Learns() && parameter.node != node) {
      node = parameter.node;
      const auto found = ready.find(setup.graph.nodes[static_cast<size_t>(node)].name);
      slices.push_back({.ready = found == ready.end() ? 1 : std::min(1.0, found->second)});
    }
    if (slices.empty()) slices.emplace_back();
    slices.back().bytes += static_cast<double>(parameter.count * sizeof(float));
  }
  for (size_t i = 1; i < slices.size(); ++i) {
    slices[i].ready = std::max(slices[i].ready, slices[i - 1].ready);
  }
  return slices;
}

struct Measured {
  MeasuredStep step;
  Readiness ready;
};

class Measurement {
 public:
  Measurement(const Setup& setup, int64_t samples, const Context& context)
      : setup_(setup),
        context_(context),
        geometry_(Alone(setup.configuration, samples), 1, 0, setup.sampler.train_size()),
        parameters_(setup.layout),
        executor_(MakeExecutor(setup, geometry_, context, parameters_)),
        trace_(kMostIntervals) {
    parameters_.Initialize(setup.configuration.proto.seed());
    executor_->Upload();
    loader_ = MakeLoader(setup, geometry_, *executor_, 0);
  }

  Measured Run() {
    const bool cuda = context_.device.cuda;
    while (step_ < kWarmUp) Step();
    Settle();
    Follow(!cuda);
    const Stopwatch watch;
    do {
      Step();
    } while (step_ < kWarmUp + kMostSteps &&
             (step_ < kWarmUp + kLeastSteps || watch.Seconds() < kSeconds));
    Settle();
    const int64_t steps = step_ - kWarmUp;
    const double seconds = watch.Seconds() / static_cast<double>(steps);
    if (!cuda) return Seen(steps, std::nullopt);
    // A GPU's traced steps are slower: from them are the shares of the others.
    Follow(true);
    for (int64_t i = 0; i < kTracedSteps; ++i) Step();
    Settle();
    return Seen(kTracedSteps, seconds);
  }

 private:
  void Follow(bool on) { context_.communicator.activity().SetTrace(on ? &trace_ : nullptr); }

  void Step() {
    trace_.BeginStep(step_);
    const Slice slice = geometry_.Request(step_);
    executor_->Step(*loader_, {&slice, 1}, {.step = step_ + 1, .learning_rate = 0});
    ++step_;
  }

  void Settle() {
    while (executor_->NextOutcome()) {
    }
  }

  // Of the traced steps; `seconds`: what a step takes really, in which parts keep their shares.
  Measured Seen(int64_t steps, std::optional<double> seconds) {
    Follow(false);
    const RankTimes times = TimesOf(trace_.intervals(), steps);
    const double traced = times.reading + times.forward + times.backward + times.update;
    const double scale = seconds ? *seconds / traced : 1;
    return {.step = {.samples = static_cast<double>(geometry_.batch()),
                     .feed = scale * times.reading,
                     .forward = scale * times.forward,
                     .backward = scale * times.backward,
                     .optimizer = scale * times.update},
            .ready = ReadinessIn(trace_.intervals(), steps)};
  }

  const Setup& setup_;
  const Context& context_;
  BatchGeometry geometry_;
  ParameterArena parameters_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Loader> loader_;
  Trace trace_;
  int64_t step_ = 0;
};

}  // namespace

StepProfile MeasureProfile(const Setup& setup, const RankDevice& device,
                           std::span<const int64_t> samples, const Logger& logger) {
  const auto communicator = MakeSoloCommunicator();
  Context context{*communicator, logger, {}};
  context.device = device;
  StepProfile profile;
  for (const int64_t count : samples) {
    const Measured measured = Measurement(setup, count, context).Run();
    if (profile.slices.empty()) profile.slices = Slices(setup, measured.ready);
    profile.steps.push_back(measured.step);
  }
  return profile;
}

}  // namespace seve
