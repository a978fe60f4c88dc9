#include "base/cores.h"

#include <algorithm>

namespace seve {

CoreSet CoresOfThisThread() {
  CoreSet set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  return set;
}

int CountCores(std::span<const CoreSet> sets) {
  CoreSet all;
  CPU_ZERO(&all);
  for (const CoreSet& set : sets) CPU_OR(&all, &all, &set);
  return std::max(1, CPU_COUNT(&all));
}

}  // namespace seve
