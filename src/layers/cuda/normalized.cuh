// The values that a batch_norm gives a sum or an activation, as one thread sees them.
#pragma once

#include "layers/activation_functions.h"
#include "layers/cuda/column_tiles.cuh"

namespace seve {

// What is kept of each channel from one kernel to the next, (4, channels).
struct Kept {
  float* means;
  int64_t channels;

  [[nodiscard]] __device__ float* inverses() const { return means + channels; }  // of deviations
  // What backward takes from dz: levels + slopes (x - mean).
  [[nodiscard]] __device__ float* levels() const { return means + 2 * channels; }
  [[nodiscard]] __device__ float* slopes() const { return means + 3 * channels; }
};

// Gains and shifts; null: 1 and 0.
template <typename T>
struct Affine {
  const T* gains;
  const T* shifts;

  __device__ float Gain(int64_t channel) const {
    return gains == nullptr ? 1.0f : ToFloat(gains[channel]);
  }
  __device__ float Shift(int64_t channel) const {
    return shifts == nullptr ? 0.0f : ToFloat(shifts[channel]);
  }
};

// A second input; everything is null where there is none.
template <typename T>
struct SecondInput {
  const T* s;
  const T* seen;  // y; s where the slope of the activation needs its input
  T* dz;          // what flows into the sum; may be dy
  T* added;       // += dz; null: not wanted

  [[nodiscard]] __device__ bool present() const { return s != nullptr; }
};

// z = (x - mean) scale + shift of a thread's columns.
template <int kWidth>
struct Normalized {
  float mean[kWidth], scale[kWidth], shift[kWidth];

  template <typename T>
  __device__ Normalized(const ColumnTiles& tiles, const Kept& kept, const Affine<T>& affine) {
    const int64_t column = tiles.Column<kWidth>();
    for (int i = 0; i < kWidth && column < tiles.columns; ++i) {
      mean[i] = kept.means[column + i];
      scale[i] = affine.Gain(column + i) * kept.inverses()[column + i];
      shift[i] = affine.Shift(column + i);
    }
  }

  // Turns x into x - mean, and gradients dy into dz.
  __device__ void Slope(const Activation& activation, float (&x)[kWidth],
                        float (&dy)[kWidth]) const {
    for (int i = 0; i < kWidth; ++i) x[i] -= mean[i];
    if (activation.kind == ActivationKind::kNone) return;
    DispatchActivation(activation, [&](auto f) {
      for (int i = 0; i < kWidth; ++i) {
        const float z = fmaf(x[i], scale[i], shift[i]);
        dy[i] *= f.Slope(z, f.Value(z));
      }
    });
  }

  // The same through a sum, of which `seen` is s or y.
  __device__ void SlopeOfSum(const Activation& activation, const float (&seen)[kWidth],
                             float (&x)[kWidth], float (&dy)[kWidth]) const {
    for (int i = 0; i < kWidth; ++i) x[i] -= mean[i];
    DispatchActivation(activation, [&](auto f) {
      for (int i = 0; i < kWidth; ++i) {
        if constexpr (decltype(f)::kNeedsInput) {
          dy[i] *= f.Slope(fmaf(x[i], scale[i], shift[i]) + seen[i], 0.0f);
        } else {
          dy[i] *= f.Slope(0.0f, seen[i]);
        }
      }
    });
  }
};

}  // namespace seve
