#include "train/prediction_collector.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/philox.h"
#include "data/batch_buffers.h"
#include "data/sampler.h"
#include "tensor/row_major.h"
#include "train/figures.h"
#include "train/softmax.h"

namespace seve {
namespace {

// `count` positions of [0, samples), ascending, the same for the same seed.
std::vector<int64_t> Draw(uint64_t seed, int64_t samples, size_t count) {
  std::vector<int64_t> drawn;
  if (samples == 0) return drawn;
  const KeyedPermutation order(RandomStream(seed, RandomPurpose::kSelection), samples);
  const auto wanted = std::min(samples, static_cast<int64_t>(count));
  for (int64_t i = 0; i < wanted; ++i) drawn.push_back(order(i));
  std::ranges::sort(drawn);
  return drawn;
}

template <typename T>
void Append(std::vector<std::byte>* bytes, std::span<const T> values) {
  const auto raw = std::as_bytes(values);
  bytes->insert(bytes->end(), raw.begin(), raw.end());
}

// Takes values from the front of `bytes`.
template <typename T>
void Take(std::span<const std::byte>* bytes, std::span<T> values) {
  if (values.empty()) return;
  std::memcpy(values.data(), bytes->data(), values.size_bytes());
  *bytes = bytes->subspan(values.size_bytes());
}

// A NaN, which no order knows, is the worst.
double Comparable(double merit) {
  return std::isnan(merit) ? -std::numeric_limits<double>::infinity() : merit;
}

template <typename Candidate>
bool BetterFirst(const Candidate& a, const Candidate& b) {
  return a.merit != b.merit ? a.merit > b.merit : a.position < b.position;
}
template <typename Candidate>
bool WorseFirst(const Candidate& a, const Candidate& b) {
  return a.merit != b.merit ? a.merit < b.merit : a.position < b.position;
}

// Sorts and keeps the first.
template <typename List, typename Order>
void KeepFirst(List* list, size_t count, Order order) {
  std::ranges::sort(*list, order);
  if (list->size() > count) list->resize(count);
}

}  // namespace

PredictionCollector::Limits PredictionCollector::ForPictures(const Graph& graph) {
  constexpr size_t kPictures = 12;  // of each kind
  // Of regression: enough for a scatter plot or the course of a fitted curve.
  constexpr size_t kPoints = 1000;
  constexpr int64_t kFewValues = 16;
  const bool points = !IsClassification(graph) && ClassesOf(graph) <= kFewValues;
  return {.best = kPictures, .worst = kPictures, .random = points ? kPoints : kPictures};
}

PredictionCollector::PredictionCollector(const Setup& setup, Judge& judge, Split split,
                                         const Limits& limits)
    : setup_(setup),
      judge_(judge),
      split_(split),
      limits_(limits),
      classification_(IsClassification(setup.graph)),
      drawn_(Draw(setup.configuration.proto.seed(), judge.Samples(split), limits.random)) {
  judge_.Observe([this](int64_t position, const Tensor& scores, const Tensor& target) {
    Look(position, scores, target);
  });
}

PredictionCollector::~PredictionCollector() { judge_.Observe({}); }

void PredictionCollector::Look(int64_t position, const Tensor& scores, const Tensor& target) {
  const auto rows = static_cast<size_t>(scores.shape()[0]);
  const size_t outputs = static_cast<size_t>(scores.elements()) / rows;
  for (size_t row = 0; row < rows; ++row) {
    Keep(Make(position + static_cast<int64_t>(row),
              scores.Flat<float>().subspan(row * outputs, outputs), target, row));
  }
  KeepFirst(&best_, limits_.best, BetterFirst<Candidate>);
  KeepFirst(&worst_, limits_.worst, WorseFirst<Candidate>);
}

PredictionCollector::Candidate PredictionCollector::Make(int64_t position,
                                                         std::span<const float> scores,
                                                         const Tensor& target, size_t row) const {
  Candidate candidate;
  candidate.position = position;
  if (classification_) {
    candidate.output = Softmax(scores);
    candidate.truth = target.Flat<int32_t>()[row];
    // Of the scores: probabilities are rounded and may be equal where those differ.
    candidate.said = static_cast<int>(Highest(scores));
    candidate.merit =
        Comparable(static_cast<double>(candidate.output[static_cast<size_t>(candidate.truth)]));
    return candidate;
  }
  const auto values = target.Flat<float>().subspan(row * scores.size(), scores.size());
  candidate.output.assign(scores.begin(), scores.end());
  candidate.target.assign(values.begin(), values.end());
  for (size_t i = 0; i < scores.size(); ++i) {
    const double error = static_cast<double>(scores[i]) - static_cast<double>(values[i]);
    candidate.merit -= error * error;
  }
  candidate.merit = Comparable(candidate.merit);
  return candidate;
}

void PredictionCollector::Keep(const Candidate& candidate) {
  const bool right = !classification_ || candidate.said == candidate.truth;
  if (right) best_.push_back(candidate);
  if (!right || !classification_) worst_.push_back(candidate);
  if (std::ranges::binary_search(drawn_, candidate.position)) random_.push_back(candidate);
}

PredictionsEvent PredictionCollector::Gather(Communicator& communicator) const {
  Candidates best = Merge(best_, communicator);
  Candidates worst = Merge(worst_, communicator);
  Candidates random = Merge(random_, communicator);
  KeepFirst(&best, limits_.best, BetterFirst<Candidate>);
  KeepFirst(&worst, limits_.worst, WorseFirst<Candidate>);
  std::ranges::sort(random, std::ranges::less(), &Candidate::position);

  const LossNode& loss = setup_.graph.losses.front();
  const auto& values = setup_.graph.values;
  PredictionsEvent event;
  event.split = NameOf(split_);
  event.input = setup_.graph.Input().shape;
  event.output = values[static_cast<size_t>(loss.scores)].shape;
  event.reconstructs = values[static_cast<size_t>(loss.target)].name == "input";
  if (classification_) event.class_names = judge_.ClassNames();
  event.best = Read(best);
  event.worst = Read(worst);
  event.random = Read(random);
  return event;
}

PredictionCollector::Candidates PredictionCollector::Merge(const Candidates& own,
                                                           Communicator& communicator) const {
  std::vector<std::byte> bytes;
  for (const auto& candidate : own) {
    Append(&bytes, std::span(&candidate.position, 1));
    Append(&bytes, std::span(&candidate.merit, 1));
    Append(&bytes, std::span(&candidate.truth, 1));
    Append(&bytes, std::span(&candidate.said, 1));
    Append(&bytes, std::span(candidate.output));
    Append(&bytes, std::span(candidate.target));
  }
  const auto outputs = static_cast<size_t>(
      setup_.graph.values[static_cast<size_t>(setup_.graph.losses.front().scores)]
          .shape.elements());
  Candidates all;
  for (const auto& part : communicator.Gather(bytes, 0)) {
    std::span<const std::byte> rest(part);
    while (!rest.empty()) {
      Candidate& candidate = all.emplace_back();
      candidate.output.resize(outputs);
      candidate.target.resize(classification_ ? 0 : outputs);
      Take(&rest, std::span(&candidate.position, 1));
      Take(&rest, std::span(&candidate.merit, 1));
      Take(&rest, std::span(&candidate.truth, 1));
      Take(&rest, std::span(&candidate.said, 1));
      Take(&rest, std::span(candidate.output));
      Take(&rest, std::span(candidate.target));
    }
  }
  return all;
}

std::vector<Prediction> PredictionCollector::Read(const Candidates& candidates) const {
  const Dataset& data = judge_.Data(split_);
  const auto index = judge_.Index(split_);
  const BatchBuffers buffers(data, 1);
  std::vector<Prediction> predictions;
  for (const auto& candidate : candidates) {
    const int64_t sample = index(candidate.position);
    data.Gather({&sample, 1}, buffers.batch());
    const RowMajor sample_input(buffers.Field("input"));
    const auto input = sample_input.tensor().Flat<float>();
    predictions.push_back({.sample = sample,
                           .input = {input.begin(), input.end()},
                           .target = candidate.target,
                           .output = candidate.output,
                           .truth = candidate.truth,
                           .said = candidate.said});
  }
  return predictions;
}

}  // namespace seve
