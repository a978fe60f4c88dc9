#include "comm/waiter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr size_t kMostNamed = 8;

std::string Names(const std::vector<int>& ranks, const std::function<std::string(int)>& describe) {
  std::vector<std::string> names;
  for (const int rank : ranks) names.push_back(describe(rank));
  return Join(FirstOf(std::move(names), kMostNamed));
}

}  // namespace

void Waiter::GiveUp(const char* operation, const std::vector<int>& missing, double waited) const {
  const Activity::Reading here = activity_.Read();
  const std::string part = options_.share == 1 ? "" : fmt::format("{:g} of ", options_.share);
  const std::string whom = missing.empty() ? "its peers" : Names(missing, options_.describe);
  ThrowCommunication(fmt::format(
      "{}: {} waited {:.1f} s for {} in {}: not heard of within {}the deadline of {:g} s; "
      "the rank is dead, stuck or much slower than the others",
      here.Text(), options_.describe(options_.rank), waited, whom, operation, part, here.deadline));
}

}  // namespace seve
