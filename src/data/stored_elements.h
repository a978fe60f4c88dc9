// Elements of a stored array as float64.
#pragma once

#include <cstddef>
#include <cstring>

namespace seve {

// The element `place` of elements of T that may lie at any address.
template <typename T>
double StoredElement(const std::byte* elements, size_t place) {
  T element;
  std::memcpy(&element, elements + place * sizeof(T), sizeof(T));
  return static_cast<double>(element);
}

}  // namespace seve
