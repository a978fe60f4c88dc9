// What a replica takes of its GPU's memory, for what.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace seve {

class MemoryNeeds {
 public:
  // "activations of 512 samples", bytes.
  void Add(const std::string& what, size_t bytes);
  [[nodiscard]] size_t total() const;

  // Throws Error(kUsage) where the free memory is too little: how much of what is needed, how much
  // there is and what to lower. `gpu`: "GPU 0".
  void Check(const std::string& gpu, size_t free_bytes) const;

 private:
  std::vector<std::pair<std::string, size_t>> parts_;
};

}  // namespace seve
