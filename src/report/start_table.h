// Says, before the first step, what is going to be trained on what and for how long.
#pragma once

#include <functional>
#include <ostream>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

class StartTable : public RunObserver {
 public:
  StartTable(std::ostream& out, std::function<Terminal()> terminal)
      : out_(out), terminal_(std::move(terminal)) {}

  void OnStart(const RunSummary& summary) override;

 private:
  std::ostream& out_;
  std::function<Terminal()> terminal_;
};

}  // namespace seve
