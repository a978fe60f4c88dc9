// Atomic operations of kernels, atomic among all threads of the process too: other ranks' kernels
// and the host see mapped memory at the same time.
#pragma once

#include <concepts>
#include <type_traits>

namespace seve::emulator {

template <typename T>
concept AtomicInteger =
    std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, unsigned long long>;

// Replaces what is there by change(what is there) and returns the old value.
template <typename T, typename Change>
T Exchange(T* address, Change change) {
  T old;
  __atomic_load(address, &old, __ATOMIC_SEQ_CST);
  T changed = change(old);
  while (!__atomic_compare_exchange(address, &old, &changed, true, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST)) {
    changed = change(old);
  }
  return old;
}

}  // namespace seve::emulator

template <seve::emulator::AtomicInteger T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  return __atomic_fetch_add(address, value, __ATOMIC_SEQ_CST);
}

inline float atomicAdd(float* address, float value) {
  return seve::emulator::Exchange(address, [value](float old) { return old + value; });
}

template <seve::emulator::AtomicInteger T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  return seve::emulator::Exchange(address, [value](T old) { return old < value ? value : old; });
}

template <seve::emulator::AtomicInteger T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  return __atomic_fetch_or(address, value, __ATOMIC_SEQ_CST);
}

template <seve::emulator::AtomicInteger T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  return __atomic_exchange_n(address, value, __ATOMIC_SEQ_CST);
}

inline float atomicExch(float* address, float value) {
  return seve::emulator::Exchange(address, [value](float) { return value; });
}

template <seve::emulator::AtomicInteger T>
T atomicCAS(T* address, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  __atomic_compare_exchange_n(address, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}
