// Owned host memory, zeroed, aligned to 256 bytes. Move-only.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace seve {

inline constexpr size_t kAlignment = 256;

constexpr size_t AlignUp(size_t bytes, size_t alignment = kAlignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

class Buffer {
 public:
  Buffer() = default;
  // Throws std::bad_alloc. A Buffer of zero bytes has no memory.
  explicit Buffer(size_t bytes);

  [[nodiscard]] std::byte* data() const { return memory_.get(); }
  [[nodiscard]] size_t size() const { return bytes_; }

  template <typename T>
  [[nodiscard]] std::span<T> As() const {
    return {reinterpret_cast<T*>(memory_.get()), bytes_ / sizeof(T)};
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const;
  };
  std::unique_ptr<std::byte[], Free> memory_;
  size_t bytes_ = 0;
};

}  // namespace seve
