// The figures of an evaluation that go by name: which there are, and what counts amount to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/load.h"
#include "model/graph.h"
#include "model/score_counts.h"
#include "train/events.h"

namespace seve {

// The first loss is a classifier's: accuracy and the metrics have a meaning.
bool IsClassification(const Graph& graph);
// Outputs that the first loss scores: the classes of a classifier.
int64_t ClassesOf(const Graph& graph);

// Throws Error(kUsage), located in the configuration, for metrics and monitors that this model
// cannot have: of regression, "top_20" of 10 classes, a table of too many classes.
void CheckFigures(const Configuration& configuration, const Graph& graph);

// The k of each "top_k", in order.
std::vector<int64_t> TopCounts(const config::Evaluation& evaluation);

// precision, recall and F1 are means over the classes, as scikit-learn's "macro" with
// zero_division=0; classes that neither occur nor are said do not count.
std::vector<Metric> MetricsOf(const config::Evaluation& evaluation, const ScoreCounts& counts,
                              int64_t samples);

}  // namespace seve
