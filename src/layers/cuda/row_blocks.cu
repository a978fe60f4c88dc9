#include "layers/cuda/row_blocks.h"
#include "layers/cuda/runs.cuh"

namespace seve {
namespace {

// A thread moves kSize neighbours of one row; all strides are multiples of kSize.
template <int kSize, typename T>
__global__ void MoveRowsKernel(const T* from, int64_t from_stride, T* to, int64_t to_stride,
                               int64_t rows, int64_t columns, bool add) {
  const int64_t runs = columns / kSize;  // of a row
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t run = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; run < rows * runs;
       run += threads) {
    const int64_t row = run / runs;
    const int64_t column = (run - row * runs) * kSize;
    float values[kSize];
    LoadRun(from + row * from_stride + column, values);
    StoreOrAddRun(values, to + row * to_stride + column, add);
  }
}

}  // namespace

void MoveRows(const TensorColumns& from, const TensorColumns& to, int64_t rows, int64_t columns,
              bool add, cudaStream_t stream) {
  WithFloatingType(to.matrix.dtype(), [&](auto element) {
    using T = decltype(element);
    constexpr int kPack = Pack<T>::kSize;
    const bool packs = from.first % kPack == 0 && from.columns % kPack == 0 &&
                       to.first % kPack == 0 && to.columns % kPack == 0 && columns % kPack == 0;
    const int64_t size = packs ? kPack : 1;
    Launch(packs ? MoveRowsKernel<kPack, T> : MoveRowsKernel<1, T>,
           BlocksFor(rows * columns / size, kThreads), kThreads, stream,
           from.matrix.Flat<T>().data() + from.first, from.columns,
           to.matrix.Flat<T>().data() + to.first, to.columns, rows, columns, add);
  });
}

}  // namespace seve
