// Judges the replica on a split of the data: loss, accuracy, the metrics asked for, and which class
// was taken for which.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "model/evaluator.h"
#include "train/events.h"
#include "train/setup.h"

namespace seve {

enum class Split { kTrain, kValidation, kTest };

// "train", "validation", "test".
const char* NameOf(Split split);

struct Judgement {
  Split split = Split::kValidation;
  EvaluationSums sums;
  std::vector<Metric> metrics;         // in the configuration's order
  std::optional<Confusion> confusion;  // of classifiers of up to ScoreCounts::kMostClasses
  double seconds = 0;

  // By name: "loss", "accuracy" or one of the metrics, which must be there.
  [[nodiscard]] double Figure(const std::string& name) const;
};

class Judge {
 public:
  // All that is referred to must outlive it. The setup has passed CheckFigures. `passes`: where
  // they run; unset: on the CPU.
  Judge(const Setup& setup, const ParameterArena& parameters, Communicator& communicator,
        PassMaker passes = nullptr);

  // Collective; the same figures on every rank and on any number of them.
  Judgement Run(Split split);

  // Looks at what each pass of the next runs gave; an empty function: nobody does.
  void Observe(Evaluator::Observer observer) { evaluator_.Observe(std::move(observer)); }

  // Of classifiers: of all classes, "0", "1", ... where the data have no names for them.
  [[nodiscard]] std::vector<std::string> ClassNames() const;
  [[nodiscard]] const Dataset& Data(Split split) const;
  [[nodiscard]] int64_t Samples(Split split) const;
  // Where in Data(split) the sample at `position` is.
  [[nodiscard]] std::function<int64_t(int64_t position)> Index(Split split) const;

 private:
  const Setup& setup_;
  Communicator& communicator_;
  std::optional<ScoreCounts> counts_;  // of classifiers
  Evaluator evaluator_;
};

}  // namespace seve
