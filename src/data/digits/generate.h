// Handwriting-like digits drawn by Seve itself: strokes of 0-9 under random wobble, affine and
// elastic distortion, pen width and noise. 28x28 grey bytes, classes 0-9: what MNIST looks like,
// without a download.
#pragma once

#include <cstdint>

#include "data/samples.h"

namespace seve {

// Test pictures have indices from here on, so that they never meet training pictures.
inline constexpr int64_t kFirstTestDigit = int64_t{1} << 40;

// Pictures `first` to `first + count - 1`. A picture and its class are a pure function of seed and
// index (on one kind of machine: sines and fused multiply-adds may round differently elsewhere).
// About 6 us a picture.
ImageSamples GenerateDigits(uint64_t seed, int64_t first, int64_t count);

}  // namespace seve
