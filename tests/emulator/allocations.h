// The memory of the emulated devices, and the page-locked memory of the host.
#pragma once

#include <cstddef>

namespace seve::emulator {

// Where a range of bytes lies.
enum class Place {
  kHost,
  kDevice,
  kNowhere,  // it leaves a device's allocation, or begins in one that was freed
};

Place PlaceOf(const void* memory, size_t bytes);

}  // namespace seve::emulator
