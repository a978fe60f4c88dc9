#include "tensor/buffer.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace seve {

Buffer::Buffer(size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  const size_t rounded = AlignUp(bytes);
  auto* memory = static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded));
  if (memory == nullptr) throw std::bad_alloc();
  std::memset(memory, 0, rounded);
  memory_.reset(memory);
}

void Buffer::Free::operator()(std::byte* memory) const { std::free(memory); }

}  // namespace seve
