// The last words of a run: how long, how good, where everything is.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

class Summary : public RunObserver {
 public:
  Summary(std::ostream& out, std::function<Terminal()> terminal)
      : out_(out), terminal_(std::move(terminal)) {}

  void OnStart(const RunSummary& summary) override { run_directory_ = summary.run_directory; }
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  std::ostream& out_;
  std::function<Terminal()> terminal_;
  std::string run_directory_;
  int64_t test_samples_ = 0;
};

}  // namespace seve
