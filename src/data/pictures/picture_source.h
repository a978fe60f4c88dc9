// Pictures with a class each that are decoded when they are asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "tensor/shape.h"

namespace seve {

struct PictureSize {
  int64_t height = 0, width = 0;
  bool operator==(const PictureSize&) const = default;
};

// A rectangle of a stored picture, in its pixels.
struct Crop {
  int64_t top = 0, left = 0, height = 0, width = 0;
  bool operator==(const Crop&) const = default;
};

// Chooses the rectangle to read of a picture of this size: a random number drawn for the sample is
// all it may depend on besides.
using ChooseCrop = std::function<Crop(const PictureSize& stored)>;

// Augmentation stands between Read and normalisation: random_resized_crop is a ChooseCrop given to
// Read, everything else works on the bytes that Read brought:
//
//   source.Read(index, training && crops ? ChooseCrop(draw) : ChooseCrop(), bytes);
//   augment bytes (H, W, C) in place; scale them into the batch's row
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  [[nodiscard]] virtual int64_t size() const = 0;
  // (C, H, W) of what Read brings.
  [[nodiscard]] virtual const Shape& picture() const = 0;
  [[nodiscard]] virtual int32_t Label(int64_t index) const = 0;
  // Identifies the pictures and how they are read, without reading them all.
  [[nodiscard]] virtual uint64_t ContentHash() const = 0;
  // Decodes one picture and writes it as (H, W, C) bytes. `choose` empty: the whole picture where
  // all have one size, otherwise its shorter side scaled and the middle cut out; else the rectangle
  // that it chooses, scaled to H x W. Thread-safe. Throws Error(kData) naming the picture.
  virtual void Read(int64_t index, const ChooseCrop& choose, std::span<uint8_t> pixels) const = 0;
};

}  // namespace seve
