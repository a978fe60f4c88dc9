#include <algorithm>
#include <cmath>

#include "model/cuda/gather.h"
#include "model/cuda/gather_source.cuh"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

// Fields of one launch, passed by value.
constexpr int kFields = 8;
struct Fields {
  GatherField field[kFields];
};

template <typename To>
__device__ void StoreValue(void* to, int64_t at, float value) {
  static_cast<To*>(to)[at] = FromFloat<To>(value);
}

__device__ void Store(const GatherField& field, int64_t at, float value) {
  switch (field.type) {
    case DType::kBfloat16:
      return StoreValue<__nv_bfloat16>(field.to, at, value);
    case DType::kFloat16:
      return StoreValue<__half>(field.to, at, value);
    default:
      return StoreValue<float>(field.to, at, value);
  }
}

// `place`: of the value in its sample.
__device__ void Move(const GatherField& field, uint32_t place, int64_t from, int64_t to) {
  if (field.type == DType::kInt32) {
    const int32_t value = field.stored == DType::kUint8
                              ? static_cast<const uint8_t*>(field.from)[from]
                              : static_cast<const int32_t*>(field.from)[from];
    static_cast<int32_t*>(field.to)[to] = value;
  } else if (field.stored == DType::kUint8) {
    const auto byte = static_cast<float>(static_cast<const uint8_t*>(field.from)[from]);
    const uint32_t channel = place % field.channels;
    Store(field, to, std::fma(byte, field.scale[channel], field.shift[channel]));
  } else {
    Store(field, to, static_cast<const float*>(field.from)[from]);
  }
}

// A block a row and field.
__global__ void GatherKernel(Fields fields, GatherSource source, StepState* state) {
  const GatherPlace gather(source, *state);
  const auto row = static_cast<int64_t>(blockIdx.x);
  if (row == 0 && blockIdx.y == 0 && threadIdx.x == 0) state->place = gather.place;

  const GatherField& field = fields.field[blockIdx.y];
  const int64_t from = field.by_row ? row : gather.Sample(row);
  for (int64_t i = threadIdx.x; i < field.width; i += blockDim.x) {
    Move(field, static_cast<uint32_t>(i), from * field.width + i, row * field.width + i);
  }
}

}  // namespace

void Gather(std::span<const GatherField> fields, const GatherSource& source, int64_t rows,
            StepState* state, const CudaDevice& device) {
  for (size_t first = 0; first < fields.size(); first += kFields) {
    const auto some = fields.subspan(first, std::min<size_t>(kFields, fields.size() - first));
    Fields arguments = {};
    for (size_t i = 0; i < some.size(); ++i) arguments.field[i] = some[i];
    Launch(GatherKernel, dim3(static_cast<unsigned>(rows), static_cast<unsigned>(some.size())),
           kThreads, device.stream(), arguments, source, state);
  }
}

}  // namespace seve
