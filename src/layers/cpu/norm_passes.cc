#include "layers/cpu/norm_passes.h"

#include <cmath>

namespace seve {
namespace {

constexpr int64_t kBlockRows = 16;  // long ones, added in float32

// Where the slope at z may be had without f(z): Slope(z, z) is the same.
template <typename F>
constexpr bool kSlopeOfInput = F::kNeedsInput;
template <>
constexpr bool kSlopeOfInput<activation::Identity> = true;
template <>
constexpr bool kSlopeOfInput<activation::Relu> = true;
template <>
constexpr bool kSlopeOfInput<activation::LeakyRelu> = true;
template <>
constexpr bool kSlopeOfInput<activation::HardTanh> = true;

template <typename F>
float SlopeAt(const F& f, float z) {
  if constexpr (kSlopeOfInput<F>) {
    return f.Slope(z, z);
  } else {
    return f.Slope(z, f.Value(z));
  }
}

// What SumGradients adds, over a few rows.
template <typename F>
void SumBlock(F f, const float* __restrict x, const float* __restrict dy, int64_t rows,
              int64_t width, const float* __restrict mean, const float* __restrict scale,
              const float* __restrict shift, float* __restrict sums, float* __restrict moments) {
  for (int64_t i = 0; i < width; ++i) sums[i] = moments[i] = 0;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t i = 0; i < width; ++i) {
      const float distance = x[row * width + i] - mean[i];
      const float slope = SlopeAt(f, std::fma(distance, scale[i], shift[i]));
      const float dz = dy[row * width + i] * slope;
      sums[i] += dz;
      moments[i] = std::fma(dz, distance, moments[i]);
    }
  }
}

// kAdd is no argument: with a choice in it the loop is not vectorised.
template <bool kAdd, typename F>
void BackwardRow(F f, const float* __restrict x, const float* __restrict dy, int64_t count,
                 const float* __restrict mean, const float* __restrict scale,
                 const float* __restrict shift, const float* __restrict outer,
                 const float* __restrict inner, const float* __restrict slope,
                 const float* __restrict level, float* __restrict dx) {
  for (int64_t i = 0; i < count; ++i) {
    const float distance = x[i] - mean[i];
    const float dz = dy[i] * SlopeAt(f, std::fma(distance, scale[i], shift[i]));
    const float through = std::fma(inner[i], dz, -std::fma(slope[i], distance, level[i]));
    dx[i] = kAdd ? std::fma(outer[i], through, dx[i]) : outer[i] * through;
  }
}

}  // namespace

NormPasses::NormPasses(const Activation& activation, int64_t rows, int64_t columns)
    : activation_(activation), folded_(rows, columns) {
  const auto width = static_cast<size_t>(folded_.width);
  for (auto* floats : {&means_, &scales_, &shifts_, &outer_, &inner_, &slopes_, &levels_,
                       &block_sums_, &block_moments_}) {
    floats->resize(width);
  }
  sums_.resize(width);
  moments_.resize(width);
}

void NormPasses::Set(Floats& values, int64_t column, float value) const {
  for (int64_t i = column; i < folded_.width; i += folded_.columns) {
    values[static_cast<size_t>(i)] = value;
  }
}

void NormPasses::SetForward(int64_t column, float mean, float scale, float shift) {
  Set(means_, column, mean);
  Set(scales_, column, scale);
  Set(shifts_, column, shift);
}

void NormPasses::SetBackward(int64_t column, float outer, float inner, float slope, float level) {
  Set(outer_, column, outer);
  Set(inner_, column, inner);
  Set(slopes_, column, slope);
  Set(levels_, column, level);
}

void NormPasses::Forward(const float* x, float* y) const {
  const float* __restrict mean = means_.data();
  const float* __restrict scale = scales_.data();
  const float* __restrict shift = shifts_.data();
  DispatchActivation(activation_, [&](auto f) {
    folded_.ForEach([&](int64_t first, int64_t count) {
      const float* __restrict from = x + first;
      float* __restrict to = y + first;
      for (int64_t i = 0; i < count; ++i) {
        to[i] = f.Value(std::fma(from[i] - mean[i], scale[i], shift[i]));
      }
    });
  });
}

template <typename F>
void NormPasses::AddBlock(F f, const float* x, const float* dy, int64_t rows, int64_t width) {
  SumBlock(f, x, dy, rows, width, means_.data(), scales_.data(), shifts_.data(), block_sums_.data(),
           block_moments_.data());
  for (size_t i = 0; i < static_cast<size_t>(width); ++i) {
    sums_[i] += static_cast<double>(block_sums_[i]);
    moments_[i] += static_cast<double>(block_moments_[i]);
  }
}

void NormPasses::SumGradients(const float* x, const float* dy) {
  std::ranges::fill(sums_, 0.0);
  std::ranges::fill(moments_, 0.0);
  const int64_t width = folded_.width;
  DispatchActivation(activation_, [&](auto f) {
    folded_.ForEachBlock(kBlockRows, [&](int64_t first, int64_t rows) {
      AddBlock(f, x + first * width, dy + first * width, rows, width);
    });
    if (folded_.tail == 0) return;
    const int64_t first = folded_.long_rows * width, rest = folded_.tail * folded_.columns;
    AddBlock(f, x + first, dy + first, 1, rest);
  });
  const auto columns = static_cast<size_t>(folded_.columns);
  for (size_t i = columns; i < sums_.size(); i += columns) {
    for (size_t column = 0; column < columns; ++column) {
      sums_[column] += sums_[i + column];
      moments_[column] += moments_[i + column];
    }
  }
}

void NormPasses::Backward(const float* x, const float* dy, float* dx, bool add) const {
  DispatchActivation(activation_, [&](auto f) {
    folded_.ForEach([&](int64_t first, int64_t count) {
      const auto row = add ? BackwardRow<true, decltype(f)> : BackwardRow<false, decltype(f)>;
      row(f, x + first, dy + first, count, means_.data(), scales_.data(), shifts_.data(),
          outer_.data(), inner_.data(), slopes_.data(), levels_.data(), dx + first);
    });
  });
}

}  // namespace seve
