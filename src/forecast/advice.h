// What would make training on many ranks faster.
#pragma once

#include <string>
#include <vector>

#include "forecast/step_time.h"

namespace seve {

// A change that gains less is none.
inline constexpr double kLeastGain = 0.02;

struct Advice {
  std::string change;         // "gradients travel as BF16"
  std::string configuration;  // the line to set: "reduction { wire: BF16 }"
  std::string price;          // what else it changes; may be empty
  double gain = 0;            // in samples/s: 0.1 for a tenth more
  StepForecast forecast;      // with it
};

// Each alternative by itself, forecast on `ranks` ranks against `options`, by gain, descending;
// those under kLeastGain are left out. Tried is what a configuration can ask for: bucket sizes of 1
// to 100 MiB; BF16 on the wire and ZeRO-1; accumulation of 2 to 16 times the micro-batches,
// each of its present size, until doubling gains less than kLeastGain. Throws what ForecastStep()
// throws.
std::vector<Advice> AdviceFor(const Fabric& fabric, const StepProfile& profile,
                              const StepOptions& options, int ranks, int64_t batch);

}  // namespace seve
