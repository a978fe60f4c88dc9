// Reads metrics.jsonl back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "report/environment.h"
#include "train/events.h"

namespace seve {

// Tells the observer of the starts, steps, evaluations, checkpoints and ends in the file, in its
// order. up_to_step: what a run that goes on from there keeps. Lines that are none of ours and a
// last line without its end are passed over, fields that are missing keep their defaults.
// environment: where wanted, becomes that of the latest start. Throws Error(kData) when the file
// cannot be read.
void ReplayMetrics(const std::string& path, std::optional<int64_t> up_to_step,
                   RunObserver& observer, Environment* environment = nullptr);

}  // namespace seve
