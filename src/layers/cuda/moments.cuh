// Mean and variance of each channel of a micro-batch, or of those of all ranks.
#pragma once

#include "layers/cuda/column_tiles.cuh"
#include "layers/cuda/normalized.cuh"

namespace seve {

// Mean and sum of squared distances from it, of `count` values (Chan, Golub & LeVeque 1983).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  __device__ void Add(const Moments& more) {
    if (more.count == 0) return;
    const double all = count + more.count, away = more.mean - mean;
    mean += away * (more.count / all);
    squares += more.squares + away * away * (count * more.count / all);
    count = all;
  }
};

// The moments of each chunk: parts(chunks, 2, columns).
template <int kWidth, typename T>
__global__ void MomentsKernel(ColumnTiles tiles, const T* x, float* parts) {
  float own[2][kWidth] = {};
  int seen = 0;
  tiles.ForEachRow<kWidth>([&](int64_t first) {
    float values[kWidth];
    LoadRun(x + first, values);
    const float share = 1.0f / static_cast<float>(++seen);
    for (int i = 0; i < kWidth; ++i) {
      const float away = values[i] - own[0][i];
      own[0][i] = fmaf(away, share, own[0][i]);
      own[1][i] = fmaf(away, values[i] - own[0][i], own[1][i]);
    }
  });
  const int64_t rows = tiles.end() - tiles.begin();
  const int64_t each = rows / tiles.teams(), more_rows = rows % tiles.teams();
  JoinTeams(tiles, own, parts + blockIdx.y * 2 * tiles.columns,
            [&](double(&sums)[2], int team, const double(&more)[2]) {
              const int64_t before = team * each + (team < more_rows ? team : more_rows);
              const int64_t count = each + (team < more_rows ? 1 : 0);
              if (count <= 0) return;
              Moments all = {static_cast<double>(before), sums[0], sums[1]};
              all.Add({static_cast<double>(count), more[0], more[1]});
              sums[0] = all.mean;
              sums[1] = all.squares;
            });
}

// What becomes of a statistic: its value times the samples, or added to what is there.
struct StatisticGradients {
  float* mean;  // null where frozen
  float* var;
  double samples;
  bool add;
};

inline __device__ void WriteOrAdd(float* to, int64_t at, double value, bool add) {
  if (to != nullptr) to[at] = static_cast<float>(add ? static_cast<double>(to[at]) + value : value);
}

// Of a channel, put together by a warp.
inline __device__ Moments JoinMoments(const ColumnTiles& tiles, int64_t chunks, const float* parts,
                                      int64_t channel) {
  const bool any = channel < tiles.columns;
  Moments own;
  for (int64_t chunk = threadIdx.x % 32; any && chunk < chunks; chunk += 32) {
    const int64_t begin = chunk * tiles.chunk_rows, left = tiles.rows - begin;
    if (left <= 0) break;
    const float* part = parts + chunk * 2 * tiles.columns + channel;
    own.Add({static_cast<double>(left < tiles.chunk_rows ? left : tiles.chunk_rows), part[0],
             part[tiles.columns]});
  }
  for (int offset = 16; offset > 0; offset /= 2) {
    Moments other;
    other.count = __shfl_xor_sync(0xffffffffu, own.count, offset);
    other.mean = __shfl_xor_sync(0xffffffffu, own.mean, offset);
    other.squares = __shfl_xor_sync(0xffffffffu, own.squares, offset);
    own.Add(other);
  }
  return own;
}

inline __device__ void KeepMoments(const Moments& moments, int64_t channel, double epsilon,
                                   const Kept& kept, const StatisticGradients& gradients) {
  const double count = moments.count > 1 ? moments.count : 1;
  kept.means[channel] = static_cast<float>(moments.mean);
  kept.inverses()[channel] = static_cast<float>(1 / sqrt(moments.squares / count + epsilon));
  const double unbiased = moments.squares / (count > 1 ? count - 1 : 1);
  WriteOrAdd(gradients.mean, channel, moments.mean * gradients.samples, gradients.add);
  WriteOrAdd(gradients.var, channel, unbiased * gradients.samples, gradients.add);
}

// The channel of a warp.
inline __device__ int64_t ChannelOfWarp() {
  return int64_t{blockIdx.x} * (kThreads / 32) + threadIdx.x / 32;
}

static __global__ void StatisticsKernel(ColumnTiles tiles, int64_t chunks, const float* parts,
                                        double epsilon, Kept kept, StatisticGradients gradients) {
  const int64_t channel = ChannelOfWarp();
  const Moments moments = JoinMoments(tiles, chunks, parts, channel);
  if (channel >= tiles.columns || threadIdx.x % 32 != 0) return;
  KeepMoments(moments, channel, epsilon, kept, gradients);
}

// What ranks exchange where statistics are synchronised: a count of values, and two sums of each
// channel.
struct RankSums {
  double* first;
  int64_t channels;

  [[nodiscard]] __device__ double* second() const { return first + channels; }
  [[nodiscard]] __device__ double& count() const { return first[2 * channels]; }
};

// The sums around the running means, which all ranks have alike: nothing cancels that matters.
static __global__ void DistancesKernel(ColumnTiles tiles, int64_t chunks, const float* parts,
                                       const float* centres, RankSums sums) {
  const int64_t channel = ChannelOfWarp();
  const Moments moments = JoinMoments(tiles, chunks, parts, channel);
  if (channel >= tiles.columns || threadIdx.x % 32 != 0) return;
  const double away = moments.mean - centres[channel];
  sums.first[channel] = moments.count * away;
  sums.second()[channel] = moments.squares + moments.count * away * away;
  if (channel == 0) sums.count() = moments.count;
}

static __global__ void SharedStatisticsKernel(RankSums sums, const float* centres, double epsilon,
                                              Kept kept, StatisticGradients gradients) {
  const int64_t channel = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (channel >= sums.channels) return;
  const double count = sums.count(), away = sums.first[channel] / count;
  const double squares = sums.second()[channel] - count * away * away;
  KeepMoments({count, centres[channel] + away, squares < 0 ? 0 : squares}, channel, epsilon, kept,
              gradients);
}

static __global__ void RunningKernel(const float* means, const float* variances, double epsilon,
                                     Kept kept) {
  const int64_t channel = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (channel >= kept.channels) return;
  kept.means[channel] = means[channel];
  kept.inverses()[channel] =
      static_cast<float>(1 / sqrt(static_cast<double>(variances[channel]) + epsilon));
}

}  // namespace seve
