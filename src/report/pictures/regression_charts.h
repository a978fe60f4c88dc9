// What a model of regression says of samples, beside what is so.
#pragma once

#include <memory>

#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// One input, one output: the data as points and the model's curve over them.
std::unique_ptr<Figure> FitChart(const PredictionsEvent& predictions);

// Said against true, a colour an output, with the diagonal on which both are equal.
std::unique_ptr<Figure> ScatterChart(const PredictionsEvent& predictions);

}  // namespace seve
