#include "layers/cuda/column_sums.h"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

__global__ void AddPartsKernel(const float* partial, int64_t parts, int64_t columns, float* sums,
                               bool add) {
  const int64_t column = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (column >= columns) return;
  double sum = add ? static_cast<double>(sums[column]) : 0.0;
  for (int64_t part = 0; part < parts; ++part) {
    sum += static_cast<double>(partial[part * columns + column]);
  }
  sums[column] = static_cast<float>(sum);
}

}  // namespace

void AddParts(const float* partial, int64_t parts, int64_t columns, float* sums, bool add,
              cudaStream_t stream) {
  constexpr int64_t kFew = 64;  // threads of a block: short columns spread over more processors
  const auto blocks = static_cast<unsigned>((columns + kFew - 1) / kFew);
  Launch(AddPartsKernel, blocks, kFew, stream, partial, parts, columns, sums, add);
}

}  // namespace seve
