#include "emulator/nccl_elements.h"

#include <cstdint>

namespace seve::emulator {
namespace {

template <typename T>
T Sum(T a, T b) {
  return static_cast<T>(a + b);
}
template <>
__half Sum(__half a, __half b) {
  return __float2half_rn(__half2float(a) + __half2float(b));
}
template <>
__nv_bfloat16 Sum(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __float2bfloat16_rn(__bfloat162float(a) + __bfloat162float(b));
}

template <typename T>
void Add(std::byte* into, const std::byte* from, size_t count) {
  auto* sums = reinterpret_cast<T*>(into);
  const auto* values = reinterpret_cast<const T*>(from);
  for (size_t i = 0; i < count; ++i) sums[i] = Sum(sums[i], values[i]);
}

}  // namespace

size_t SizeOf(ncclDataType_t type) {
  switch (type) {
    case ncclInt8:
    case ncclUint8:
      return 1;
    case ncclFloat16:
    case ncclBfloat16:
      return 2;
    case ncclInt32:
    case ncclUint32:
    case ncclFloat32:
      return 4;
    case ncclInt64:
    case ncclUint64:
    case ncclFloat64:
      return 8;
    default:
      return 0;
  }
}

void AddElements(ncclDataType_t type, std::byte* into, const std::byte* from, size_t count) {
  switch (type) {
    case ncclInt8:
    case ncclUint8:
      return Add<uint8_t>(into, from, count);
    case ncclInt32:
    case ncclUint32:
      return Add<uint32_t>(into, from, count);
    case ncclInt64:
    case ncclUint64:
      return Add<uint64_t>(into, from, count);
    case ncclFloat16:
      return Add<__half>(into, from, count);
    case ncclBfloat16:
      return Add<__nv_bfloat16>(into, from, count);
    case ncclFloat32:
      return Add<float>(into, from, count);
    case ncclFloat64:
      return Add<double>(into, from, count);
    default:
      return;
  }
}

}  // namespace seve::emulator
