// The text of progress: the line rewritten in place, and the line kept of each evaluation.
#pragma once

#include <optional>
#include <string>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

struct ProgressState {
  StepEvent step;
  double epochs = 0;                   // of the whole run
  std::optional<double> seconds_left;  // absent until it can be estimated
};

// "epoch  3/10 ━━━━━━╸     62 %  loss 0.0812  acc 97.61 %  412,300 samples/s  0:12 left": the bar
// is the current epoch, the time left the whole run's. Never wider than terminal.columns - 1: first
// the words, then the rate, the accuracy and the bar go.
std::string ProgressLine(const ProgressState& state, const Terminal& terminal);

// The same facts without a bar, for logs.
std::string PlainProgressLine(const ProgressState& state);

// "epoch  3/10  train loss 0.0812 acc 97.61 %  validation loss 0.0911 acc 97.20 %  412,300
// samples/s 2.9 s" (one line), shortened to fit the terminal; whole where there is none.
// epoch_seconds: since the last one.
std::string EvaluationLine(const EvaluationEvent& event, double epochs, double epoch_seconds,
                           const Terminal& terminal);

// "             validation accuracy improved from 97.20 to 97.50 %, saved", below the figures of
// the evaluation line.
std::string ImprovementLine(const Improvement& improvement, double epochs,
                            const Terminal& terminal);
// Another sentence below them.
std::string NoteLine(const std::string& note, double epochs);

}  // namespace seve
