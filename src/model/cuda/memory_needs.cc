#include "model/cuda/memory_needs.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace seve {

void MemoryNeeds::Add(const std::string& what, size_t bytes) {
  if (bytes > 0) parts_.emplace_back(what, bytes);
}

size_t MemoryNeeds::total() const {
  size_t sum = 0;
  for (const auto& [what, bytes] : parts_) sum += bytes;
  return sum;
}

void MemoryNeeds::Check(const std::string& gpu, size_t free_bytes) const {
  if (total() <= free_bytes) return;
  std::vector<std::string> parts;
  for (const auto& [what, bytes] : parts_) {
    parts.push_back(what + " " + HumanBytes(static_cast<double>(bytes)));
  }
  ThrowUsage(fmt::format(
      "{} has {} of memory free, but this run needs {}: {}. Lower batch.size, raise "
      "batch.micro_batches (less memory for activations), take more ranks, or set precision: BF16",
      gpu, HumanBytes(static_cast<double>(free_bytes)), HumanBytes(static_cast<double>(total())),
      Join(parts)));
}

}  // namespace seve
