// The charts of a run, and of several beside each other.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/draw/charts.h"
#include "report/history.h"

namespace seve {

// Accuracy (of classifiers, in %), loss and learning rate over epochs: the training samples, the
// validation split and the test set, a point; the epoch of the best checkpoint is marked. A chart
// without any points is left out.
std::vector<Chart> LearningCurves(const History& history);

// Runs under one name: a single one, or those that differ in their seed.
struct CurveGroup {
  std::string name;
  std::vector<const History*> runs;
};

// A figure on the validation split (on the training samples where nothing is validated), a line a
// group; of several runs their mean, between plus and minus a standard deviation, over the epochs
// that all of them have.
Chart ComparedCurves(std::span<const CurveGroup> groups, const std::string& figure);

}  // namespace seve
