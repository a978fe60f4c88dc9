#include "model/allocations_testing.h"

#include <dlfcn.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

namespace seve {
namespace {

thread_local int64_t allocations = 0;

bool IsOfOneDnn(const void* caller) {
  Dl_info place{};
  return dladdr(caller, &place) != 0 && place.dli_fname != nullptr &&
         std::string_view(place.dli_fname).find("libdnnl") != std::string_view::npos;
}

void* Allocate(size_t bytes, size_t alignment, const void* caller) {
  if (!IsOfOneDnn(caller)) ++allocations;
  const size_t whole = (bytes + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, whole == 0 ? alignment : whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

int64_t AllocationsOfThisThread() { return allocations; }

}  // namespace seve

// The other forms of new and delete come down to these.
void* operator new(size_t bytes) {
  return seve::Allocate(bytes, alignof(std::max_align_t), __builtin_return_address(0));
}
void* operator new(size_t bytes, std::align_val_t alignment) {
  return seve::Allocate(bytes, static_cast<size_t>(alignment), __builtin_return_address(0));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
