// What a model of regression says of samples, beside what is so.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// One input, one output: the data as points and the model's curve over them.
std::unique_ptr<Figure> FitChart(const PredictionsEvent& predictions);

// The same of several models, over the data of the first.
struct NamedFit {
  std::string name;
  PredictionsEvent predictions;
};
std::unique_ptr<Figure> FitChart(const std::string& title, const std::vector<NamedFit>& fits);

// Whether that is what predictions are of.
bool IsFit(const PredictionsEvent& predictions);

// Said against true, a colour an output, with the diagonal on which both are equal.
std::unique_ptr<Figure> ScatterChart(const PredictionsEvent& predictions);

}  // namespace seve
