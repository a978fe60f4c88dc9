// How the speed of training grows with the number of ranks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/comparison.h"

namespace seve {

// Runs of one configuration on one number of ranks: repeats, or seeds.
struct ScalingPoint {
  int ranks = 1;
  int64_t batch = 0;           // over all ranks
  std::vector<double> speeds;  // SteadySpeed of each run, ascending
  double median = 0;           // of them
  double speedup = 1;          // of the medians, against the line's smallest number of ranks
  double efficiency = 1;       // the speed-up's share of what as many more ranks could give

  // Highest minus lowest speed, as a share of the median.
  [[nodiscard]] double spread() const { return (speeds.back() - speeds.front()) / median; }
};

// Runs on one kind of device whose configurations differ in nothing but the seed.
struct ScalingLine {
  // What sets it apart from the other lines: "learning_rate 0.1", "learning_rate 0.1, NVIDIA H200".
  std::string settings;
  // A rank's share of the batch is fixed (batch.size_per_rank); otherwise the batch itself is.
  bool weak = false;
  int64_t batch = 0;                 // the one that is fixed
  std::vector<ScalingPoint> points;  // by ranks, ascending

  // "strong, batch 64", "weak, 32 samples a rank".
  [[nodiscard]] std::string Kind() const;
};

// In the order of the runs. Throws Error(kUsage) naming a run that has logged no steps.
std::vector<ScalingLine> ScalingOf(std::span<const ComparedRun> runs);

// Whether a line has several numbers of ranks.
bool HasScaling(std::span<const ScalingLine> lines);

}  // namespace seve
