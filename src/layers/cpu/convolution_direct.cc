// A convolution of our own for few input channels, as first layers have, which oneDNN is slow at
// where pictures lie channels-last: a vector holds 16 neighbouring pixels of one output channel,
// and two of them for each of a few channels stay in registers while all that they sum goes by.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/error.h"
#include "layers/cpu/convolution_engines.h"
#include "layers/cpu/elementwise.h"
#include "layers/cpu/vector_tile.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr int64_t kVectors = 2;        // of neighbouring pixels that are computed together
constexpr int64_t kMostChannels = 12;  // whose sums fit into registers

Buffer Floats(int64_t count) { return Buffer(static_cast<size_t>(count) * sizeof(float)); }

// One sample of x with its padding, channel by channel within a row: (H, C, stride, columns), where
// values that are `stride` apart are neighbours, so that a tap of neighbouring output pixels is a
// vector.
class PaddedPicture {
 public:
  explicit PaddedPicture(const ConvolutionGeometry& geometry)
      : geometry_(geometry), stride_(geometry.stride.width) {
    const int64_t reach = (geometry.kernel.width - 1) * geometry.dilation.width;
    const int64_t padded = geometry.input.width + 2 * geometry.padding.width;
    columns_ = std::max((padded + stride_ - 1) / stride_,
                        geometry.output.width + kVectors * kLanes + reach / stride_);
    row_values_ = geometry.inputs * stride_ * columns_;
    values_ = Floats((geometry.input.height + 2 * geometry.padding.height) * row_values_);
    for (int64_t c = 0; c < geometry.inputs; ++c) {
      for (int64_t i = 0; i < geometry.kernel.height; ++i) {
        for (int64_t j = 0; j < geometry.kernel.width; ++j) {
          taps_.push_back(i * geometry.dilation.height * row_values_ +
                          Place(c, j * geometry.dilation.width));
        }
      }
    }
  }

  // The padding stays zero.
  void Fill(const float* sample) {
    for (int64_t i = 0; i < geometry_.input.height; ++i) {
      float* row = values_.As<float>().data() + (i + geometry_.padding.height) * row_values_;
      const float* from = sample + i * geometry_.input.width * geometry_.inputs;
      for (int64_t c = 0; c < geometry_.inputs; ++c) FillRow(from + c, c, row);
    }
  }

  // Of the first pixel of an output row.
  [[nodiscard]] const float* Row(int64_t row) const {
    return values_.As<float>().data() + row * geometry_.stride.height * row_values_;
  }

  // Offsets in the order of weights, (C, KH, KW).
  [[nodiscard]] const std::vector<int64_t>& taps() const { return taps_; }

 private:
  [[nodiscard]] int64_t Place(int64_t channel, int64_t column) const {
    return (channel * stride_ + column % stride_) * columns_ + column / stride_;
  }

  void FillRow(const float* __restrict from, int64_t channel, float* __restrict row) {
    const int64_t channels = geometry_.inputs;
    if (stride_ == 1) {
      float* __restrict to = row + Place(channel, geometry_.padding.width);
      for (int64_t j = 0; j < geometry_.input.width; ++j) to[j] = from[j * channels];
      return;
    }
    for (int64_t j = 0; j < geometry_.input.width; ++j) {
      row[Place(channel, j + geometry_.padding.width)] = from[j * channels];
    }
  }

  ConvolutionGeometry geometry_;
  int64_t stride_;
  int64_t columns_ = 0;
  int64_t row_values_ = 0;
  Buffer values_;
  std::vector<int64_t> taps_;
};

// What neighbouring pixels of a row of y are computed from.
struct Block {
  const float* x;
  const int64_t* taps;
  int64_t count;
  const float* w;     // (count, channels)
  const float* bias;  // (channels)
  float* y;           // (channels, kVectors * kLanes)
};

// Of the first kUsed vectors of pixels.
template <int kUsed, int kChannels>
void ComputeBlock(const Block& block) {
  FloatVector sums[kChannels][kUsed];
#pragma GCC unroll 16
  for (int o = 0; o < kChannels; ++o) {
#pragma GCC unroll 2
    for (int v = 0; v < kUsed; ++v) sums[o][v] = FloatVector{} + block.bias[o];
  }
  for (int64_t tap = 0; tap < block.count; ++tap) {
    const float* x = block.x + block.taps[tap];
    const float* w = block.w + tap * kChannels;
    FloatVector values[kUsed];
#pragma GCC unroll 2
    for (int v = 0; v < kUsed; ++v) LoadVector(x + v * kLanes, values[v]);
#pragma GCC unroll 16
    for (int o = 0; o < kChannels; ++o) {
#pragma GCC unroll 2
      for (int v = 0; v < kUsed; ++v) sums[o][v] += values[v] * w[o];
    }
  }
#pragma GCC unroll 16
  for (int o = 0; o < kChannels; ++o) {
#pragma GCC unroll 2
    for (int v = 0; v < kUsed; ++v) {
      StoreVector(sums[o][v], block.y + (o * kVectors + v) * kLanes);
    }
  }
}

using BlockFunction = void (*)(const Block&);

template <int kUsed, int... kLess>
constexpr std::array<BlockFunction, kMostChannels> BlockFunctions(
    std::integer_sequence<int, kLess...> /*channels*/) {
  return {ComputeBlock<kUsed, kLess + 1>...};
}

// By vectors and channels, less one each.
constexpr std::make_integer_sequence<int, kMostChannels> kEach;
constexpr std::array<std::array<BlockFunction, kMostChannels>, kVectors> kFunctions = {
    BlockFunctions<1>(kEach), BlockFunctions<2>(kEach)};

class DirectForward : public ConvolutionForward {
 public:
  DirectForward(const ConvolutionGeometry& geometry, int64_t rows, const Activation& activation)
      : geometry_(geometry),
        rows_(rows),
        activation_(activation),
        x_(geometry),
        weights_(Floats(geometry.WeightShape().elements())),
        zeros_(Floats(geometry.outputs)),
        across_(Floats(kLanes * kVectors * kLanes)),
        last_(Floats(geometry.OutputShape().elements() + kVectors * kLanes * geometry.outputs +
                     kLanes)) {
    Check(geometry.groups == 1 && geometry.outputs <= kMostChannels, "a kernel for few channels");
  }

  void SetWeights(const float* w, const float* bias) override {
    LoadWeights(w);
    bias_ = bias == nullptr ? zeros_.As<float>().data() : bias;
  }

  // Whole vectors of pixels and of channels are stored, in order: what is too much is stored over
  // later, and behind the last sample there is room.
  void Run(const float* x, float* y) override {
    const int64_t sample = geometry_.OutputShape().elements();
    for (int64_t row = 0; row < rows_; ++row) {
      const bool is_last = row + 1 == rows_;
      float* out = is_last ? last_.As<float>().data() : y + row * sample;
      x_.Fill(x + row * geometry_.InputShape().elements());
      for (int64_t i = 0; i < geometry_.output.height; ++i) {
        ComputeRow(i, out);
      }
      if (activation_.kind != ActivationKind::kNone) {
        AddBiasAndActivate(activation_, nullptr, out, 1, sample);
      }
      if (is_last) std::copy_n(out, sample, y + row * sample);
    }
  }

 private:
  [[nodiscard]] int64_t Taps() const { return static_cast<int64_t>(x_.taps().size()); }

  // The channels side by side.
  void LoadWeights(const float* w) {
    float* to = weights_.As<float>().data();
    for (int64_t tap = 0; tap < Taps(); ++tap) {
      for (int64_t o = 0; o < geometry_.outputs; ++o) *to++ = w[o * Taps() + tap];
    }
  }

  void ComputeRow(int64_t row, float* y) {
    const int64_t outputs = geometry_.outputs;
    float* across = across_.As<float>().data();
    for (int64_t j = 0; j < geometry_.output.width; j += kVectors * kLanes) {
      const int64_t used = geometry_.output.width - j > kLanes ? 2 : 1;
      kFunctions[static_cast<size_t>(used - 1)][static_cast<size_t>(outputs - 1)](
          {.x = x_.Row(row) + j,
           .taps = x_.taps().data(),
           .count = Taps(),
           .w = weights_.As<float>().data(),
           .bias = bias_,
           .y = across});
      float* to = y + (row * geometry_.output.width + j) * outputs;
      for (int64_t v = 0; v < used; ++v) {
        TransposeTile(across + v * kLanes, kVectors * kLanes, to + v * kLanes * outputs, outputs);
      }
    }
  }

  ConvolutionGeometry geometry_;
  int64_t rows_;
  Activation activation_;
  PaddedPicture x_;
  Buffer weights_;  // (C, KH, KW, O)
  Buffer zeros_;
  const float* bias_ = nullptr;
  Buffer across_;  // (kLanes, kVectors * kLanes): pixels of a row, channel by channel
  Buffer last_;    // y of the last sample, and room
};

}  // namespace

// Measured at 64 samples with ReLU, ours against oneDNN's nhwc and against the layout it chooses,
// without the reorders to and from it: 1 -> 6 channels of 28 x 28, 5 x 5: 355, 1008, 362 us; 3 ->
// 10 of 32 x 32, 3 x 3: 663, 1175, 633 us; 4 -> 10: 782, 1399 us; but 3 -> 16: 1100, 1270, 630 us.
bool DirectForwardIsFaster(const ConvolutionGeometry& geometry) {
  return geometry.groups == 1 && geometry.inputs <= 4 && geometry.outputs <= kMostChannels &&
         geometry.output.width >= kLanes;
}

std::unique_ptr<ConvolutionForward> MakeDirectForward(const ConvolutionGeometry& geometry,
                                                      int64_t rows, const Activation& activation) {
  return std::make_unique<DirectForward>(geometry, rows, activation);
}

}  // namespace seve
