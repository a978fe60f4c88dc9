// A forecast of how training scales, for the console, spreadsheets and figures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/terminal.h"
#include "forecast/advice.h"
#include "forecast/scaling_forecast.h"
#include "report/scaling.h"

namespace seve {

// Points over the ranks with one batch a rank (weak) or one batch in all.
struct ForecastLine {
  bool weak = false;
  int64_t batch = 0;  // the one that is fixed
  std::vector<ForecastPoint> points;
};

// A row a point: where its time goes and what limits it.
std::string ForecastTable(std::span<const ForecastLine> lines, const Terminal& terminal);
// What would gain 2 % or more on so many ranks.
std::string AdviceText(std::span<const Advice> advice, int ranks);
// All digits, seconds; columns as ScalingCsv's where they mean the same.
std::string ForecastCsv(std::span<const ForecastLine> lines);
// As lines of measured runs, to be drawn.
std::vector<ScalingLine> AsScaling(std::span<const ForecastLine> lines);

}  // namespace seve
