// Sums of NCCL's element types.
#pragma once

#include <nccl.h>

#include <cstddef>

namespace seve::emulator {

// 0: there is no such type here.
size_t SizeOf(ncclDataType_t type);

// into[i] += from[i], each sum rounded to the type.
void AddElements(ncclDataType_t type, std::byte* into, const std::byte* from, size_t count);

}  // namespace seve::emulator
