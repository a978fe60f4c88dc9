// How gradients and weights of the layers went, from the statistics that a run tells.
#pragma once

#include <memory>
#include <vector>

#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// Over epochs, a line a layer: how many weights have a gradient other than 0, and the mean
// magnitude of the weights' gradients. Null where no weight is trained.
std::unique_ptr<Figure> GradientCharts(const std::vector<StatisticsEvent>& events);

// A row for each parameter, at the first event and at the last. Null where there is nothing.
std::unique_ptr<Figure> ValueHistograms(const StatisticsEvent& first, const StatisticsEvent& last);
std::unique_ptr<Figure> GradientHistograms(const StatisticsEvent& first,
                                           const StatisticsEvent& last);

}  // namespace seve
