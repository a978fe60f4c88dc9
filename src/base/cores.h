// The cores a thread may run on, to tell whether ranks outnumber them.
#pragma once

#include <sched.h>

#include <span>

namespace seve {

using CoreSet = cpu_set_t;

// The calling thread's affinity mask; launchers narrow it when they bind ranks.
[[nodiscard]] CoreSet CoresOfThisThread();

// Cores in any of the sets.
[[nodiscard]] int CountCores(std::span<const CoreSet> sets);

}  // namespace seve
