#include "model/cpu_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "comm/broadcast_text.h"
#include "optim/norm.h"

namespace seve {
namespace {

// Decided from reduced values, so by every rank in the same step.
[[noreturn]] void ThrowAgreed(const std::string& message) {
  throw AgreedError(ExitCode::kNumerical, message);
}

std::string Text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

CpuExecutor::CpuExecutor(const Graph& graph, const ParameterLayout& layout,
                         const ParameterArena& parameters, const Optimizer& optimizer,
                         Communicator& communicator, uint64_t seed,
                         const std::vector<int64_t>& row_counts)
    : layout_(layout),
      parameters_(parameters),
      optimizer_(optimizer),
      communicator_(communicator),
      seed_(seed),
      gradients_(layout, communicator),
      reducer_(CutBuckets(layout), gradients_) {
  std::vector<PlanLayout> layouts;
  size_t bytes = 0;
  for (const int64_t rows : row_counts) {
    if (rows == 0) continue;
    layouts.push_back(LayOutPlan(graph, layout, rows, PlanMode::kTraining));
    bytes = std::max(bytes, layouts.back().bytes);
  }
  memory_ = Buffer(bytes);
  for (const auto& plan : layouts) {
    plans_.push_back(
        std::make_unique<Plan>(graph, layout, plan, parameters, &gradients_, memory_.data()));
  }
  for (size_t i = 0; i < optimizer.StateNames().size(); ++i) {
    states_.emplace_back(layout.trainable_floats * sizeof(float));
  }
}

StepSums CpuExecutor::Step(Loader& loader, std::span<const Slice> micro_batches,
                           const StepSettings& settings) {
  std::ranges::fill(gradients_.record(), 0.0f);
  LossSums local;
  for (size_t i = 0; i < micro_batches.size(); ++i) {
    const bool first = i == 0, last = i + 1 == micro_batches.size();
    const LossSums sums = RunMicroBatch(loader, micro_batches[i], first, last);
    local.loss += sums.loss;
    local.weight += sums.weight;
    local.correct += sums.correct;
  }
  gradients_.Record(RecordField::kLoss) = static_cast<float>(local.loss);
  gradients_.Record(RecordField::kWeight) = static_cast<float>(local.weight);
  gradients_.Record(RecordField::kCorrect) = static_cast<float>(local.correct);
  gradients_.Record(RecordField::kStop) = settings.stop ? 1 : 0;
  reducer_.Finish();

  const StepSums sums{.loss = gradients_.Record(RecordField::kLoss),
                      .weight = gradients_.Record(RecordField::kWeight),
                      .correct = gradients_.Record(RecordField::kCorrect),
                      .stop = gradients_.Record(RecordField::kStop) > 0};
  if (!std::isfinite(sums.loss)) ReportNonFiniteLoss(settings, sums.loss);
  Update(settings, GradientScale(sums.weight, settings.clip_norm));
  return sums;
}

LossSums CpuExecutor::RunMicroBatch(Loader& loader, const Slice& slice, bool first, bool last) {
  const bool empty = slice.count == 0;
  Plan& plan = empty ? *plans_.front() : PlanFor(slice.count);
  const Slice brought = loader.Next(plan.inputs());
  Check(brought.position == slice.position && brought.count == slice.count,
        "the loader brought another micro-batch than the step expects");
  if (empty) {
    if (first) std::ranges::fill(gradients_.gradients(), 0.0f);
    return {};
  }
  const StepContext context{
      .seed = seed_, .epoch = slice.epoch, .position = slice.position, .accumulate = !first};
  const LossSums sums = plan.Forward(context);
  if (!std::isfinite(sums.loss) && non_finite_layer_.empty()) {
    non_finite_layer_ = plan.FirstNonFiniteLayer();
  }
  plan.Backward(context, [&](int node) {
    if (last) reducer_.NodeDone(node);
  });
  return sums;
}

Plan& CpuExecutor::PlanFor(int64_t rows) {
  const auto found = std::ranges::find_if(plans_, [&](auto& plan) { return plan->rows() == rows; });
  Check(found != plans_.end(), "no plan was compiled for this number of samples");
  return **found;
}

float CpuExecutor::GradientScale(double weight, float clip_norm) const {
  const double scale = 1.0 / weight;
  if (clip_norm == 0) return static_cast<float>(scale);
  const double norm = std::sqrt(SumOfSquares(gradients_.gradients())) * scale;
  return static_cast<float>(norm > clip_norm ? scale * clip_norm / norm : scale);
}

void CpuExecutor::Update(const StepSettings& settings, float gradient_scale) {
  bool finite = true;
  for (const auto& slice : layout_.slices) {
    const size_t count = slice.end - slice.begin;
    SliceUpdate update{.parameters = parameters_.trainable().subspan(slice.begin, count),
                       .gradients = gradients_.gradients().subspan(slice.begin, count),
                       .states = {},
                       .gradient_scale = gradient_scale,
                       .learning_rate = settings.learning_rate * slice.learning_rate_scale,
                       .weight_decay = slice.weight_decay,
                       .step = settings.step};
    for (size_t i = 0; i < states_.size(); ++i) {
      update.states[i] = OptimizerState(i).subspan(slice.begin, count);
    }
    finite &= optimizer_.UpdateCpu(update);
  }
  if (!finite) ReportNonFiniteGradient(settings);
}

void CpuExecutor::ReportNonFiniteLoss(const StepSettings& settings, double loss) {
  const auto local = std::as_bytes(std::span(non_finite_layer_));
  const auto layers = communicator_.Gather(local, 0);
  std::string where;
  for (size_t rank = 0; rank < layers.size(); ++rank) {
    if (layers[rank].empty()) continue;
    where += fmt::format("; on {} layer '{}' is the first with a non-finite output",
                         communicator_.Describe(static_cast<int>(rank)), Text(layers[rank]));
  }
  where = BroadcastText(communicator_, where);
  ThrowAgreed(
      fmt::format("the loss became {} at step {}{} (learning rate {:g}): nothing was updated; "
                  "lower the learning "
                  "rate, clip gradients (optimizer.clip_norm) or look at the data",
                  loss, settings.step, where, settings.learning_rate));
}

void CpuExecutor::ReportNonFiniteGradient(const StepSettings& settings) {
  for (const auto& parameter : layout_.parameters) {
    const auto gradient = gradients_.At(parameter).Flat<float>();
    if (std::isfinite(SumOfSquares(gradient))) continue;
    ThrowAgreed(
        fmt::format("the gradient of '{}' became non-finite at step {} though the loss is finite "
                    "(learning rate "
                    "{:g}); lower the learning rate or clip gradients (optimizer.clip_norm)",
                    parameter.name, settings.step, settings.learning_rate));
  }
  ThrowAgreed(fmt::format("a gradient became non-finite at step {}", settings.step));
}

}  // namespace seve
