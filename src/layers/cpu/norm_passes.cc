#include "layers/cpu/norm_passes.h"

#include <cmath>

#include "layers/cpu/row_blocks.h"

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

// The slope at z + s from s, where the activation needs its input, else from y.
template <typename F>
float SlopeThrough(const F& f, float z, float seen) {
  if constexpr (F::kNeedsInput) {
    return f.Slope(z + seen, 0.0f);
  } else {
    return f.Slope(0.0f, seen);
  }
}

// What SumGradients adds, over a few rows: gradient(i, z) is dz of the i-th value.
template <typename Gradient>
void SumBlock(Gradient gradient, const float* __restrict x, int64_t rows, int64_t width,
              const float* __restrict mean, const float* __restrict scale,
              const float* __restrict shift, float* __restrict sums, float* __restrict moments) {
  for (int64_t i = 0; i < width; ++i) sums[i] = moments[i] = 0;
  for (int64_t row = 0; row < rows; ++row) {
    // Vectors may be made of this loop: what `gradient` writes is not read again.
#pragma GCC ivdep
    for (int64_t i = 0; i < width; ++i) {
      const float distance = x[row * width + i] - mean[i];
      const float dz = gradient(row * width + i, std::fma(distance, scale[i], shift[i]));
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

void NormPasses::TakeBlock(int64_t width) {
  for (size_t i = 0; i < static_cast<size_t>(width); ++i) {
    sums_[i] += static_cast<double>(block_sums_[i]);
    moments_[i] += static_cast<double>(block_moments_[i]);
  }
}

template <typename Add>
void NormPasses::ForEachBlock(Add add) {
  std::ranges::fill(sums_, 0.0);
  std::ranges::fill(moments_, 0.0);
  folded_.ForEachBlock(kBlockRows, [&](int64_t first, int64_t rows) {
    add(first * folded_.width, rows, folded_.width);
    TakeBlock(folded_.width);
  });
  if (folded_.tail > 0) {
    const int64_t rest = folded_.tail * folded_.columns;
    add(folded_.long_rows * folded_.width, 1, rest);
    TakeBlock(rest);
  }
  const auto columns = static_cast<size_t>(folded_.columns);
  for (size_t i = columns; i < sums_.size(); i += columns) {
    for (size_t column = 0; column < columns; ++column) {
      sums_[column] += sums_[i + column];
      moments_[column] += moments_[i + column];
    }
  }
}

void NormPasses::SumGradients(const float* x, const float* dy) {
  DispatchActivation(activation_, [&](auto f) {
    ForEachBlock([&](int64_t first, int64_t rows, int64_t width) {
      const float* gradients = dy + first;
      SumBlock([&f, gradients](int64_t i, float z) { return gradients[i] * SlopeAt(f, z); },
               x + first, rows, width, means_.data(), scales_.data(), shifts_.data(),
               block_sums_.data(), block_moments_.data());
    });
  });
}

void NormPasses::SumGradients(const Activation& g, const float* x, const SumGradient& of) {
  DispatchActivation(g, [&](auto f) {
    ForEachBlock([&](int64_t first, int64_t rows, int64_t width) {
      const float *dy = of.dy + first, *seen = of.seen + first;
      float* dz = of.dz + first;
      const auto gradient = [&f, dy, seen, dz](int64_t i, float z) {
        return dz[i] = dy[i] * SlopeThrough(f, z, seen[i]);
      };
      SumBlock(gradient, x + first, rows, width, means_.data(), scales_.data(), shifts_.data(),
               block_sums_.data(), block_moments_.data());
      if (of.added == nullptr) return;
      const int64_t count = rows * width;
      MoveRows({dz, count}, {of.added + first, count}, 1, count, true);
    });
  });
}

void NormPasses::ForwardWithSum(const Activation& g, const float* x, const float* s,
                                float* y) const {
  const float* __restrict mean = means_.data();
  const float* __restrict scale = scales_.data();
  const float* __restrict shift = shifts_.data();
  DispatchActivation(g, [&](auto f) {
    folded_.ForEach([&](int64_t first, int64_t count) {
      const float* __restrict from = x + first;
      const float* __restrict more = s + first;
      float* __restrict to = y + first;
      for (int64_t i = 0; i < count; ++i) {
        to[i] = f.Value(std::fma(from[i] - mean[i], scale[i], shift[i]) + more[i]);
      }
    });
  });
}

void NormPasses::Backward(const float* x, const float* dy, float* dx, int64_t count,
                          bool add) const {
  DispatchActivation(activation_, [&](auto f) {
    const auto row = add ? BackwardRow<true, decltype(f)> : BackwardRow<false, decltype(f)>;
    for (int64_t i = 0; i < count; i += folded_.width) {
      row(f, x + i, dy + i, std::min(folded_.width, count - i), means_.data(), scales_.data(),
          shifts_.data(), outer_.data(), inner_.data(), slopes_.data(), levels_.data(), dx + i);
    }
  });
}

}  // namespace seve
