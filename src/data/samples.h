// Pictures as stored bytes with a class each: what the readers, the generators and the data set
// exchange.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/buffer.h"
#include "tensor/shape.h"

namespace seve {

struct ImageSamples {
  Shape picture;                // (C, H, W)
  Buffer pixels;                // (N, H, W, C) bytes
  std::vector<int32_t> labels;  // (N), below `classes`
  int64_t classes = 0;
  std::vector<std::string> class_names;  // of the classes, in order; empty: they go by number

  [[nodiscard]] int64_t size() const { return static_cast<int64_t>(labels.size()); }
  [[nodiscard]] std::span<uint8_t> Pixels() const { return pixels.As<uint8_t>(); }
  [[nodiscard]] std::span<uint8_t> Picture(int64_t index) const {
    const auto pixels_each = static_cast<size_t>(picture.elements());
    return Pixels().subspan(static_cast<size_t>(index) * pixels_each, pixels_each);
  }
};

// Both splits and where they came from: "MNIST from /data/mnist".
struct PictureSets {
  ImageSamples train, test;
  std::string origin;
};

// Moves the value at p of every picture, as it lies in memory, to q with permutation[q] = p.
// `permutation`: one of [0, C*H*W).
void PermutePixels(ImageSamples& samples, std::span<const int32_t> permutation);

// The fixed random permutation of `pixels` places that `seed` stands for.
std::vector<int32_t> PixelPermutation(uint64_t seed, int64_t pixels);

}  // namespace seve
