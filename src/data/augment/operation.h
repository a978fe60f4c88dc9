// One operation of a list of augmentations, in a form that GPUs read as well.
#pragma once

#include <cstdint>

#include "data/augment/color_jitter.h"
#include "data/augment/cutout.h"
#include "data/augment/flip.h"
#include "data/augment/pad_and_crop.h"
#include "data/augment/random_resized_crop.h"

namespace seve {

// Each kind has
//   Drawn Draw(PictureDraws, extent)                    what is random of it, for one sample
//   WritePixel(drawn, from, extent, y, x, to)          one pixel of the new picture
//   Write(drawn, from, extent, to)                     all of them, faster, on the CPU
// where `from` and `to` do not overlap.
struct Operation {
  enum class Kind : int32_t { kPadAndCrop, kFlip, kRandomResizedCrop, kColorJitter, kCutout };

  Kind kind;
  union {
    PadAndCrop pad_and_crop;
    Flip flip;
    RandomResizedCrop random_resized_crop;
    ColorJitter color_jitter;
    Cutout cutout;
  };
};

// use(the operation as what it is).
template <typename Use>
SEVE_HOST_DEVICE void WithOperation(const Operation& operation, Use&& use) {
  switch (operation.kind) {
    case Operation::Kind::kPadAndCrop:
      return use(operation.pad_and_crop);
    case Operation::Kind::kFlip:
      return use(operation.flip);
    case Operation::Kind::kRandomResizedCrop:
      return use(operation.random_resized_crop);
    case Operation::Kind::kColorJitter:
      return use(operation.color_jitter);
    case Operation::Kind::kCutout:
      return use(operation.cutout);
  }
}

}  // namespace seve
