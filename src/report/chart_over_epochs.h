// The axes of what a run shows over its epochs.
#pragma once

#include <string>

#include "report/draw/charts.h"

namespace seve {

inline Chart ChartOverEpochs(const std::string& label) {
  Chart chart;
  chart.x_label = "epoch";
  chart.y_label = label;
  return chart;
}

}  // namespace seve
