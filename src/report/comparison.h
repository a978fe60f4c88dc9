// Runs beside each other, compared by one figure of their validation split.
#pragma once

#include <string>
#include <vector>

#include "base/terminal.h"
#include "config/config.pb.h"
#include "report/draw/charts.h"
#include "report/history.h"

namespace seve {

struct ComparedRun {
  std::string name;
  config::Config config;
  History history;
};

class Comparison {
 public:
  // figure: "accuracy", "loss" or a configured metric; empty: the accuracy if the first run has
  // one, otherwise the loss. Throws Error(kUsage) naming a run that has no evaluations, or not this
  // figure.
  Comparison(std::vector<ComparedRun> runs, const std::string& figure);
  Comparison(const Comparison&) = delete;  // groups point at runs
  Comparison& operator=(const Comparison&) = delete;

  [[nodiscard]] const std::string& figure() const { return figure_; }
  // The ranks of each run, how far it came, its RunFacts; then those of runs that differ in their
  // seed alone, as mean and standard deviation.
  [[nodiscard]] std::string Results(const Terminal& terminal) const;
  // A line a field of the configurations that differs, with its value in each run.
  [[nodiscard]] std::string Settings(const Terminal& terminal) const;
  // The figure over epochs and, unless it is that, the loss.
  [[nodiscard]] std::vector<Chart> Charts() const;

 private:
  using Group = std::vector<const ComparedRun*>;

  [[nodiscard]] std::string SpreadText(const Group& group, const Terminal& terminal) const;

  std::vector<ComparedRun> runs_;
  std::string figure_;
  std::vector<Group> groups_;  // runs whose configurations differ in nothing but the seed
};

}  // namespace seve
