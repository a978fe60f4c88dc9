#include "model/memory_plan.h"

#include <algorithm>
#include <numeric>

#include "tensor/buffer.h"

namespace seve {

MemoryPlan PlanMemory(const std::vector<BlockRequest>& requests) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return requests[a].bytes > requests[b].bytes; });

  MemoryPlan plan{.offsets = std::vector<size_t>(requests.size(), 0), .bytes = 0};
  std::vector<size_t> placed;  // ascending by offset
  for (const size_t index : order) {
    const auto& request = requests[index];
    const size_t bytes = AlignUp(request.bytes);
    size_t offset = 0;
    for (const size_t other : placed) {
      const auto& block = requests[other];
      if (block.last < request.first || request.last < block.first) continue;
      if (offset + bytes <= plan.offsets[other]) break;
      offset = std::max(offset, plan.offsets[other] + AlignUp(block.bytes));
    }
    plan.offsets[index] = offset;
    plan.bytes = std::max(plan.bytes, offset + bytes);
    const auto after =
        std::upper_bound(placed.begin(), placed.end(), offset,
                         [&](size_t value, size_t other) { return value < plan.offsets[other]; });
    placed.insert(after, index);
  }
  return plan;
}

}  // namespace seve
