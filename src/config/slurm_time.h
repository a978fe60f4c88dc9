// Times as Slurm reads and writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace seve {

// Seconds of a --time: MINUTES, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS,
// DAYS-HOURS:MINUTES or DAYS-HOURS:MINUTES:SECONDS (sbatch's manual). Nothing for any other text
// and for no time at all, which Slurm would take for no limit.
std::optional<int64_t> SlurmSeconds(const std::string& text);

// 10800 -> "03:00:00", 604800 -> "7-00:00:00".
std::string SlurmTime(int64_t seconds);

}  // namespace seve
