// The names by which a configuration speaks of the figures of an evaluation.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.pb.h"

namespace seve {

// 5 of "top_5"; 0 of other names.
int64_t TopCount(const std::string& metric);

// "top_5", "precision", "recall", "f1" and the like.
bool IsMetricName(const std::string& name);

// The monitors that a configuration gives, with their paths: "early_stopping.monitor".
std::vector<std::pair<std::string, const config::Monitor*>> MonitorsOf(
    const config::Config& config);

}  // namespace seve
