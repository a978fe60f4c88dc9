#include "model/evaluator.h"

#include <algorithm>
#include <array>

#include "tensor/row_major.h"

namespace seve {

Evaluator::Evaluator(PassMaker passes, const ParameterLayout& layout,
                     const ParameterArena& parameters, int64_t batch)
    : make_pass_(std::move(passes)), parameters_(parameters), penalty_(layout), batch_(batch) {}

EvaluationSums Evaluator::Run(const Dataset& data, int64_t samples,
                              const std::function<int64_t(int64_t)>& index,
                              Communicator& communicator, bool rank0_alone) {
  const int64_t passes = (samples + batch_ - 1) / batch_;
  const int workers = rank0_alone ? 1 : communicator.size();
  if (counts_ != nullptr) counts_->Clear();
  // Three sums a pass. Each is written by one rank and zero elsewhere, so the reduction is exact.
  std::vector<double> table(static_cast<size_t>(passes) * 3, 0.0);
  for (int64_t pass = communicator.rank(); pass < passes && communicator.rank() < workers;
       pass += workers) {
    communicator.activity().EnterPhase("forward");
    const int64_t position = pass * batch_;
    const LossSums sums = RunPass(data, position, std::min(batch_, samples - position), index);
    double* row = &table[static_cast<size_t>(pass) * 3];
    row[0] = sums.loss;
    row[1] = sums.weight;
    row[2] = sums.correct;
  }
  communicator.AllReduceSum(table);
  if (counts_ != nullptr) communicator.AllReduceSum(counts_->all());

  std::array<double, 3> total{};
  for (size_t i = 0; i < table.size(); ++i) total[i % 3] += table[i];
  return {.loss = total[0] / total[1] + penalty_.Value(parameters_),
          .accuracy = total[2] / total[1],
          .samples = samples};
}

LossSums Evaluator::RunPass(const Dataset& data, int64_t position, int64_t count,
                            const std::function<int64_t(int64_t)>& index) {
  Pass& pass = PassFor(count);
  indices_.resize(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    indices_[static_cast<size_t>(i)] = index(position + i);
  }
  data.Gather(indices_, pass.inputs());
  const LossSums sums = pass.Run(position);
  if (counts_ != nullptr) counts_->Add(pass.scores(), pass.target());
  if (observer_) {
    const RowMajor scores(pass.scores()), target(pass.target());
    observer_(position, scores.tensor(), target.tensor());
  }
  return sums;
}

Pass& Evaluator::PassFor(int64_t rows) {
  const auto found =
      std::ranges::find_if(passes_, [&](auto& pass) { return pass->rows() == rows; });
  if (found != passes_.end()) return **found;
  passes_.push_back(make_pass_(rows));
  return *passes_.back();
}

}  // namespace seve
