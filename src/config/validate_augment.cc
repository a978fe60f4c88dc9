#include <fmt/format.h>

#include <string>

#include "config/validate_parts.h"

namespace seve {
namespace {

void Validate(const config::PadAndCrop& crop, const std::string& path, Checker& checker) {
  checker.Above(path + ".padding", crop.padding(), 0);
}

void Validate(const config::Flip& flip, const std::string& path, Checker& checker) {
  checker.Between(path + ".probability", flip.probability(), 0, 1);
  if (flip.alternating() && flip.has_probability()) {
    checker.Fail(path + ".probability",
                 path +
                     ".probability has no meaning with 'alternating', which flips every picture "
                     "in every other epoch; remove one");
  }
}

void Validate(const config::RandomResizedCrop& crop, const std::string& path, Checker& checker) {
  checker.Above(path + ".smallest_area", crop.smallest_area(), 0);
  checker.Between(path + ".largest_area", crop.largest_area(), 0, 1);
  if (crop.smallest_area() > crop.largest_area()) {
    checker.Fail(path, fmt::format("{} needs 'smallest_area' up to 'largest_area', not {:g} and "
                                   "{:g}",
                                   path, crop.smallest_area(), crop.largest_area()));
  }
  checker.Above(path + ".narrowest", crop.narrowest(), 0);
  checker.Between(path + ".narrowest", crop.narrowest(), 0, 1);
}

void Validate(const config::ColorJitter& jitter, const std::string& path, Checker& checker) {
  checker.Between(path + ".brightness", jitter.brightness(), 0, 1);
  checker.Between(path + ".contrast", jitter.contrast(), 0, 1);
  checker.Between(path + ".saturation", jitter.saturation(), 0, 1);
  if (jitter.brightness() == 0 && jitter.contrast() == 0 && jitter.saturation() == 0) {
    checker.Fail(path, path +
                           " changes nothing; set 'brightness', 'contrast' or 'saturation', "
                           "for example to 0.2");
  }
}

void Validate(const config::Cutout& cutout, const std::string& path, Checker& checker) {
  checker.Above(path + ".side", cutout.side(), 0);
}

void Validate(const config::Augmentation& augmentation, const std::string& path, Checker& checker) {
  switch (augmentation.kind_case()) {
    case config::Augmentation::kPadAndCrop:
      return Validate(augmentation.pad_and_crop(), path + ".pad_and_crop", checker);
    case config::Augmentation::kFlip:
      return Validate(augmentation.flip(), path + ".flip", checker);
    case config::Augmentation::kRandomResizedCrop:
      return Validate(augmentation.random_resized_crop(), path + ".random_resized_crop", checker);
    case config::Augmentation::kColorJitter:
      return Validate(augmentation.color_jitter(), path + ".color_jitter", checker);
    case config::Augmentation::kCutout:
      return Validate(augmentation.cutout(), path + ".cutout", checker);
    case config::Augmentation::KIND_NOT_SET:
      checker.Fail(path, path +
                             " needs an operation: pad_and_crop {}, flip {}, "
                             "random_resized_crop {}, color_jitter { … } or cutout {}");
  }
}

// Not images of the user's own arrays, whose shapes are in the files.
bool HoldsNoPictures(const config::Data& data) {
  return data.has_spirals() || data.has_points() || data.has_curve();
}

}  // namespace

void ValidateAugment(const config::Data& data, Checker& checker) {
  if (data.augment_size() == 0) return;
  if (HoldsNoPictures(data)) {
    checker.Fail("data.augment",
                 "data.augment works on pictures stored as bytes, and these data are none; remove "
                 "it");
  }
  if (data.has_permute_pixels()) {
    checker.Fail("data.augment",
                 "data.permute_pixels leaves no pictures for data.augment to work on; remove one");
  }
  for (int i = 0; i < data.augment_size(); ++i) {
    Validate(data.augment(i), fmt::format("data.augment[{}]", i), checker);
  }
}

}  // namespace seve
