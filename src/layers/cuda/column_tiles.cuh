// Matrices gone through by columns: a thread keeps a few neighbouring columns and goes down the
// rows, so that what belongs to columns stays in registers. Which thread adds what depends on the
// matrix's extents alone.
#pragma once

#include <algorithm>

#include "layers/cuda/runs.cuh"
#include "tensor/cuda/reduce.cuh"

namespace seve {

// The grid is (blocks of columns, chunks of rows). In a block, `lanes` threads have the columns of
// one row, a power of two; the other teams of so many threads have the next rows.
struct ColumnTiles {
  int64_t rows, columns;
  int lanes;
  int64_t chunk_rows;

  [[nodiscard]] __device__ int lane() const { return static_cast<int>(threadIdx.x) % lanes; }
  [[nodiscard]] __device__ int team() const { return static_cast<int>(threadIdx.x) / lanes; }
  [[nodiscard]] __host__ __device__ int teams() const { return kThreads / lanes; }
  [[nodiscard]] __device__ int64_t begin() const { return blockIdx.y * chunk_rows; }
  [[nodiscard]] __device__ int64_t end() const {
    return begin() + chunk_rows < rows ? begin() + chunk_rows : rows;
  }
  // First column of the block, and of the thread.
  template <int kWidth>
  [[nodiscard]] __device__ int64_t BlockColumn() const {
    return int64_t{blockIdx.x} * lanes * kWidth;
  }
  template <int kWidth>
  [[nodiscard]] __device__ int64_t Column() const {
    return BlockColumn<kWidth>() + lane() * kWidth;
  }

  // Calls body(index of the run's first element) for the thread's rows, in order.
  template <int kWidth, typename Body>
  __device__ void ForEachRow(Body body) const {
    const int64_t column = Column<kWidth>();
    if (column >= columns) return;
    for (int64_t row = begin() + team(); row < end(); row += teams()) body(row * columns + column);
  }
};

// How a matrix of elements T is cut: `width` elements a run.
struct TileGrid {
  ColumnTiles tiles;
  int64_t width;
  dim3 blocks;
  int64_t chunks;
};

template <typename T>
TileGrid TileColumns(int64_t rows, int64_t columns) {
  constexpr int64_t kMostLanes = 32;
  constexpr int64_t kFewestRows = 8;  // of a thread
  constexpr int64_t kEnoughBlocks = 1024;
  constexpr int64_t kMostChunks = 512;
  TileGrid grid = {};
  grid.width = columns % Pack<T>::kSize == 0 ? Pack<T>::kSize : 1;
  int64_t lanes = 1;
  while (lanes < kMostLanes && lanes * grid.width < columns) lanes *= 2;
  const int64_t across = lanes * grid.width;
  const int64_t column_blocks = (columns + across - 1) / across;
  const int64_t most = std::clamp<int64_t>(kEnoughBlocks / column_blocks, 1, kMostChunks);
  grid.chunks = std::clamp<int64_t>(rows / (kFewestRows * (kThreads / lanes)), 1, most);
  grid.tiles = {.rows = rows,
                .columns = columns,
                .lanes = static_cast<int>(lanes),
                .chunk_rows = (rows + grid.chunks - 1) / grid.chunks};
  grid.blocks = dim3(static_cast<unsigned>(column_blocks), static_cast<unsigned>(grid.chunks));
  return grid;
}

// kCount numbers of each column that the threads of a block have of their rows, put together by the
// teams' order: add(into, index of the team, of the team) for all teams but the first. The results
// go to parts(kCount, columns).
template <int kCount, int kWidth, typename Add>
__device__ void JoinTeams(const ColumnTiles& tiles, const float (&own)[kCount][kWidth],
                          float* parts, Add add) {
  __shared__ float of_teams[kCount][kThreads * kWidth];  // (teams, lanes * kWidth) each
  const int across = tiles.lanes * kWidth;
  for (int k = 0; k < kCount; ++k) {
    for (int i = 0; i < kWidth; ++i) {
      of_teams[k][tiles.team() * across + tiles.lane() * kWidth + i] = own[k][i];
    }
  }
  __syncthreads();
  const int j = static_cast<int>(threadIdx.x);
  const int64_t column = tiles.BlockColumn<kWidth>() + j;
  if (j >= across || column >= tiles.columns) return;
  double sums[kCount], more[kCount];
  for (int k = 0; k < kCount; ++k) sums[k] = of_teams[k][j];
  for (int team = 1; team < tiles.teams(); ++team) {
    for (int k = 0; k < kCount; ++k) more[k] = of_teams[k][team * across + j];
    add(sums, team, more);
  }
  for (int k = 0; k < kCount; ++k) parts[k * tiles.columns + column] = static_cast<float>(sums[k]);
}

}  // namespace seve
