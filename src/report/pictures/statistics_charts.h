// How gradients and weights of the layers went, from the statistics that a run tells.
#pragma once

#include <memory>

#include "report/draw/charts.h"
#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// Over epochs, a line a layer: how many weights have a gradient other than 0, and the mean
// magnitude of the weights' gradients. Keeps two points a layer of each event.
class GradientCharts {
 public:
  GradientCharts();
  void Add(const StatisticsEvent& event);
  // Null where no weight is trained.
  [[nodiscard]] std::unique_ptr<Figure> Draw() const;

 private:
  Chart counts_, means_;
};

// A row for each parameter, at the first event and at the last. Null where there is nothing.
std::unique_ptr<Figure> ValueHistograms(const StatisticsEvent& first, const StatisticsEvent& last);
std::unique_ptr<Figure> GradientHistograms(const StatisticsEvent& first,
                                           const StatisticsEvent& last);

}  // namespace seve
